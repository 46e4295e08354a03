// SPDX-License-Identifier: Apache-2.0
package io.dvdi.linux;

import io.dvdi.mount.MountIdentity;
import java.io.IOException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The mount table at one moment, for kernels that cannot be asked about one mount. See mountinfo in
 * proc(5).
 */
final class MountInfo {
  /** Mount ID, parent's ID, major:minor. */
  private static final Pattern START = Pattern.compile("([0-9]{1,18}) [0-9]+ ([0-9]+:[0-9]+) ");

  private static final String ANONYMOUS = "0:";

  private final Map<Long, String> devices = new HashMap<>();

  private MountInfo(List<String> lines) {
    for (String line : lines) {
      Matcher start = START.matcher(line);
      if (start.lookingAt()) {
        devices.put(Long.valueOf(start.group(1)), start.group(2));
      }
    }
  }

  static MountInfo read() throws IOException {
    return new MountInfo(ProcFile.lines("/proc/self/mountinfo"));
  }

  static MountInfo of(List<String> lines) {
    return new MountInfo(lines);
  }

  /** Whether the mount is there, and not another one that was given its ID after its end. */
  boolean has(MountIdentity mount) {
    String device = devices.get(mount.mountId());
    return device != null && (device.equals(mount.device()) || anonymous(device, mount.device()));
  }

  /**
   * Without a block device, the kernel numbers devices by itself, and stat(2) may show another
   * number than the table: btrfs has one for each subvolume.
   */
  private static boolean anonymous(String one, String other) {
    return one.startsWith(ANONYMOUS) && other.startsWith(ANONYMOUS);
  }
}
