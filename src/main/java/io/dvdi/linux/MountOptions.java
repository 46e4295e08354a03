// SPDX-License-Identifier: Apache-2.0
package io.dvdi.linux;

import static java.util.Map.entry;

import io.dvdi.bindings.libc.libc_h;
import io.dvdi.volume.MountOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Mount options, parted into what mount(2) takes as flags and what goes to the file system as text.
 *
 * @param flags MS_*
 * @param ofFileSystem the rest, in its order
 */
public record MountOptions(long flags, List<MountOption> ofFileSystem) {
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

  /** The last of contradicting options wins, as with mount(8). */
  public static MountOptions of(List<MountOption> options) {
    long flags = 0;
    List<MountOption> ofFileSystem = new ArrayList<>();
    for (MountOption option : options) {
      Long set = SET.get(option.text());
      Long clear = CLEAR.get(option.text());
      if (set != null) {
        flags |= set;
      } else if (clear != null) {
        flags &= ~clear;
      } else {
        ofFileSystem.add(option);
      }
    }
    return new MountOptions(flags, List.copyOf(ofFileSystem));
  }

  /** What goes to the file system, as mount(2) takes it; null if nothing does. May be secret. */
  public @Nullable String data() {
    return ofFileSystem.isEmpty()
        ? null
        : ofFileSystem.stream().map(MountOption::text).collect(Collectors.joining(","));
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
