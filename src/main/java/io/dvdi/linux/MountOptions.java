// SPDX-License-Identifier: Apache-2.0
package io.dvdi.linux;

import static java.util.Map.entry;

import io.dvdi.bindings.libc.libc_h;
import io.dvdi.volume.MountOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Mount options, separated into flags of mount(2) and text for the file system.
 *
 * @param flags MS_*
 * @param ofFileSystem the other options, in their order; may be secret
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

  /**
   * Set for every volume. Set-user-ID programs and device files in a volume would make any task
   * root.
   */
  public static final long ALWAYS = (long) libc_h.MS_NOSUID() | libc_h.MS_NODEV();

  /**
   * Separates the options. If options contradict each other, the last one is used, as with
   * mount(8).
   */
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

  /**
   * The options for the file system, in the format of mount(2); null if there are none. May be
   * secret.
   */
  public @Nullable String data() {
    return ofFileSystem.isEmpty()
        ? null
        : ofFileSystem.stream().map(MountOption::text).collect(Collectors.joining(","));
  }

  /**
   * All options with {@link #ALWAYS}, in the format of mount(8). May be secret. With {@code rw},
   * the program does not mount read-only by itself what cannot be written.
   */
  public String text() {
    Stream<String> words =
        SET.entrySet().stream()
            .filter(word -> ((flags | ALWAYS) & word.getValue()) != 0)
            .map(Map.Entry::getKey)
            .sorted();
    return Stream.of(
            isReadOnly() ? Stream.<String>empty() : Stream.of("rw"),
            words,
            ofFileSystem.stream().map(MountOption::text))
        .flatMap(part -> part)
        .collect(Collectors.joining(","));
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
