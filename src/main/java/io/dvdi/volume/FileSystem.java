// SPDX-License-Identifier: Apache-2.0
package io.dvdi.volume;

import java.util.Locale;

/**
 * The state of a file system, from statfs(2).
 *
 * @param type the kernel's name, such as ext4; hexadecimal if it is unknown
 * @param size in bytes
 * @param used in bytes; used and available can add up to less than the size, because some space is
 *     reserved for root
 * @param available to unprivileged users, in bytes
 * @param readOnly whether the mount or the file system refuses writes
 */
public record FileSystem(String type, long size, long used, long available, boolean readOnly) {
  private static final String[] UNITS = {"B", "KiB", "MiB", "GiB", "TiB", "PiB", "EiB"};

  @Override
  public String toString() {
    return "%s%s, %s, %s available"
        .formatted(type, readOnly ? " (read-only)" : "", bytes(size), bytes(available));
  }

  private static String bytes(long count) {
    double value = count;
    int unit = 0;
    while (value >= 1024 && unit < UNITS.length - 1) {
      value /= 1024;
      unit++;
    }
    return String.format(Locale.ROOT, unit == 0 ? "%.0f %s" : "%.1f %s", value, UNITS[unit]);
  }
}
