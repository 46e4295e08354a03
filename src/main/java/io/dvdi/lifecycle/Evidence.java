// SPDX-License-Identifier: Apache-2.0
package io.dvdi.lifecycle;

/**
 * A mount as the kernel shows it, in enough detail to recognise it later. In the same mount
 * namespace, it is recognised by its IDs. In another one, where every mount has new IDs, it is
 * recognised by what is mounted where.
 *
 * @param namespace the mount namespace in which it was seen
 * @param uniqueId not used again before the next boot ({@code STATX_MNT_ID_UNIQUE}, Linux 6.8); 0
 *     on older kernels
 * @param mountId may be used again once the mount is gone ({@code STATX_MNT_ID}, Linux 5.8)
 * @param device of its file system, {@code major:minor}
 * @param root the folder of that file system that is mounted, as in {@code /proc/self/mountinfo};
 *     empty in what version 0.1.0 has left, whose mountpoint is the volume's path
 * @param mountpoint where it is mounted
 */
public record Evidence(
    long namespace, long uniqueId, long mountId, String device, String root, String mountpoint) {

  /** Whether both are the same mount. */
  public boolean isSameMount(Evidence other) {
    if (namespace == other.namespace && (uniqueId != 0 || other.uniqueId != 0)) {
      return uniqueId == other.uniqueId;
    }
    if (!device.equals(other.device)) {
      return false;
    }
    if (namespace == other.namespace && (root.isEmpty() || other.root.isEmpty())) {
      return mountId == other.mountId;
    }
    return (namespace != other.namespace || mountId == other.mountId)
        && root.equals(other.root)
        && mountpoint.equals(other.mountpoint);
  }

  /** Whether it is mounted at a folder above the other's mountpoint. */
  public boolean isAbove(Evidence other) {
    return mountpoint.equals("/")
        ? !other.mountpoint.equals("/")
        : other.mountpoint.startsWith(mountpoint + "/");
  }
}
