// SPDX-License-Identifier: Apache-2.0
package io.dvdi.lifecycle;

/**
 * Which mount a path lies on, until the next boot.
 *
 * @param mountId never used twice where the kernel has STATX_MNT_ID_UNIQUE (Linux 6.8), else free
 *     for reuse after its unmount
 * @param device of the file system, {@code major:minor}; tells mounts apart whose mountId was
 *     reused
 */
public record MountIdentity(long mountId, String device) {}
