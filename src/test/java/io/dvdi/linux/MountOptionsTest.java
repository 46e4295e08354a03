// SPDX-License-Identifier: Apache-2.0
package io.dvdi.linux;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.dvdi.bindings.libc.libc_h;
import io.dvdi.volume.MountOption;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

class MountOptionsTest {
  static List<Arguments> lists() {
    return List.of(
        Arguments.of("", 0, null),
        Arguments.of(",, ,", 0, null),
        Arguments.of("defaults", 0, null),
        Arguments.of("ro", libc_h.MS_RDONLY(), null),
        Arguments.of("ro,rw", 0, null),
        Arguments.of("rw,ro", libc_h.MS_RDONLY(), null),
        Arguments.of("noexec,exec", 0, null),
        Arguments.of("sync,async", 0, null),
        Arguments.of("noatime,atime", 0, null),
        Arguments.of("nodiratime,diratime", 0, null),
        Arguments.of("nosuid,nodev", libc_h.MS_NOSUID() | libc_h.MS_NODEV(), null),
        Arguments.of(
            "dirsync,relatime,strictatime",
            libc_h.MS_DIRSYNC() | libc_h.MS_RELATIME() | libc_h.MS_STRICTATIME(),
            null),
        Arguments.of("bind", libc_h.MS_BIND(), null),
        Arguments.of("rbind", 0, "rbind"),
        Arguments.of("size=1m", 0, "size=1m"),
        Arguments.of("size=1m,ro,mode=0700", libc_h.MS_RDONLY(), "size=1m,mode=0700"),
        Arguments.of("addr=10.0.0.1,vers=4.1,,", 0, "addr=10.0.0.1,vers=4.1"),
        Arguments.of("RO", 0, "RO"),
        Arguments.of("ro=1", 0, "ro=1"));
  }

  @ParameterizedTest
  @MethodSource("lists")
  void aListIsPartedIntoFlagsAndData(String list, int flags, @Nullable String data) {
    MountOptions options = MountOptions.of(MountOption.list(list));
    assertEquals(flags, options.flags());
    assertEquals(data, options.data());
  }

  @ParameterizedTest
  @CsvSource({"'', false, false", "bind, true, false", "'bind,ro', true, true", "ro, false, true"})
  void whatItIsCanBeAsked(String list, boolean bind, boolean readOnly) {
    MountOptions options = MountOptions.of(MountOption.list(list));
    assertEquals(bind, options.isBind());
    assertEquals(readOnly, options.isReadOnly());
  }

  @Test
  void printedTheyMaskWhatMayBeSecret() {
    assertEquals(
        "MountOptions[flags=1, ofFileSystem=[***, ***]]",
        MountOptions.of(MountOption.list("ro,password=hunt,er2")).toString());
  }

  @Test
  void aVolumeNeverBringsSetUserIdProgramsOrDevices() {
    assertTrue((MountOptions.ALWAYS & libc_h.MS_NOSUID()) != 0);
    assertTrue((MountOptions.ALWAYS & libc_h.MS_NODEV()) != 0);
  }
}
