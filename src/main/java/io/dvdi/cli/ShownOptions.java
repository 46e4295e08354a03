// SPDX-License-Identifier: Apache-2.0
package io.dvdi.cli;

import io.dvdi.volume.MountOption;
import io.dvdi.volume.Options;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * A volume's options as a plan shows them. A plan has to be checked before it is used, so the
 * options that everybody knows are shown. It also ends up in tickets and in logs of build servers,
 * so every other value is masked, whatever its name; see docs/adr/0015.
 */
final class ShownOptions {
  private static final String MASKED = "***";

  private static final Pattern WORD = Pattern.compile("[A-Za-z0-9][A-Za-z0-9_.-]{0,31}");
  private static final Pattern NUMBER = Pattern.compile("[0-9]{1,12}[A-Za-z%]{0,3}");
  private static final Pattern TRUTH = Pattern.compile("(?i)true|false");

  /** A path, without what a URL may have before its host. */
  private static final Pattern PLACE = Pattern.compile("[^@?]*");

  /** What a value has to look like to be shown, by the option's name. */
  private static final Map<String, Pattern> KNOWN =
      Map.of(
          "size", NUMBER,
          "newfstype", WORD,
          "overwritefs", TRUTH,
          "type", WORD,
          "device", PLACE,
          "iops", NUMBER,
          "volumetype", WORD,
          "availabilityzone", WORD);

  /** Mount options of {@code o} that are shown: flags, and names of those that have a value. */
  private static final Set<String> MOUNT_OPTIONS =
      Set.of(
          "bind",
          "ro",
          "rw",
          "exec",
          "noexec",
          "atime",
          "noatime",
          "nodiratime",
          "relatime",
          "strictatime",
          "lazytime",
          "sync",
          "async",
          "dirsync",
          "nosuid",
          "nodev",
          "discard",
          "hard",
          "soft",
          "nolock",
          "lock",
          "tcp",
          "udp",
          "size",
          "nr_blocks",
          "nr_inodes",
          "mode",
          "uid",
          "gid",
          "addr",
          "vers",
          "nfsvers",
          "proto",
          "port",
          "rsize",
          "wsize",
          "timeo",
          "retrans",
          "sec",
          "domain",
          "file_mode",
          "dir_mode",
          "iocharset",
          "compress",
          "subvol");

  private ShownOptions() {}

  /** The names with the values that may be shown, in their order. */
  static Map<String, String> of(Options options) {
    Map<String, String> shown = new LinkedHashMap<>();
    options.values().forEach((name, value) -> shown.put(name, shown(name, value)));
    return shown;
  }

  private static String shown(String name, String value) {
    if (name.equals("o")) {
      return mountOptions(value);
    }
    Pattern pattern = KNOWN.get(name);
    return pattern != null && pattern.matcher(value.strip()).matches() ? value : MASKED;
  }

  /** Up to the first one that may be secret: a comma may be part of that. */
  private static String mountOptions(String list) {
    StringBuilder shown = new StringBuilder();
    for (MountOption option : MountOption.list(list)) {
      shown.append(shown.isEmpty() ? "" : ",");
      if (!MOUNT_OPTIONS.contains(option.name())) {
        return shown.append(MASKED).toString();
      }
      shown.append(option.text());
    }
    return shown.toString();
  }
}
