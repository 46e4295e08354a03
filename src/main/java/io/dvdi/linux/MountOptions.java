// SPDX-License-Identifier: Apache-2.0
package io.dvdi.linux;

import static java.util.Map.entry;

import io.dvdi.bindings.libc.libc_h;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A comma list of mount options as mount(8) takes it, parted into what mount(2) takes as flags and
 * what goes to the file system as text.
 *
 * @param flags MS_*
 * @param data the rest, in its order; null when there is none; may be secret
 */
public record MountOptions(long flags, @Nullable String data) {
  private static final Map<String, Long> SET =
      Map.ofEntries(
          entry("ro", (long) libc_h.MS_RDONLY()),
          entry("nosuid", (long) libc_h.MS_NOSUID()),
          entry("nodev", (long) libc_h.MS_NODEV()),
          entry("noexec", (long) libc_h.MS_NOEXEC()),
          entry("sync", (long) libc_h.MS_SYNCHRONOUS()),
          entry("dirsync", (long) libc_h.MS_DIRSYNC()),
          entry("noatime", (long) libc_h.MS_NOATIME()),
          entry("nodiratime", (long) libc_h.MS_NODIRATIME()),
          entry("relatime", (long) libc_h.MS_RELATIME()),
          entry("strictatime", (long) libc_h.MS_STRICTATIME()),
          entry("bind", (long) libc_h.MS_BIND()));

  private static final Map<String, Long> CLEAR =
      Map.of(
          "rw", (long) libc_h.MS_RDONLY(),
          "exec", (long) libc_h.MS_NOEXEC(),
          "async", (long) libc_h.MS_SYNCHRONOUS(),
          "atime", (long) libc_h.MS_NOATIME(),
          "diratime", (long) libc_h.MS_NODIRATIME(),
          "defaults", 0L);

  /** Set-user-ID programs and device files of a volume would be root for any task. */
  public static final long ALWAYS = (long) libc_h.MS_NOSUID() | libc_h.MS_NODEV();

  /** Parses the list; the last of contradicting options wins, as with mount(8). */
  public static MountOptions parse(String list) {
    long flags = 0;
    List<String> data = new ArrayList<>();
    for (String option : list.split(",", -1)) {
      Long set = SET.get(option);
      Long clear = CLEAR.get(option);
      if (set != null) {
        flags |= set;
      } else if (clear != null) {
        flags &= ~clear;
      } else if (!option.isBlank()) {
        data.add(option);
      }
    }
    return new MountOptions(flags, data.isEmpty() ? null : String.join(",", data));
  }

  /** Without what may be secret. */
  @Override
  public String toString() {
    return "MountOptions[flags=0x%x, data=%s]".formatted(flags, data == null ? "-" : "***");
  }

  public boolean isBind() {
    return (flags & libc_h.MS_BIND()) != 0;
  }

  public boolean isNoExec() {
    return (flags & libc_h.MS_NOEXEC()) != 0;
  }

  public boolean isReadOnly() {
    return (flags & libc_h.MS_RDONLY()) != 0;
  }
}
