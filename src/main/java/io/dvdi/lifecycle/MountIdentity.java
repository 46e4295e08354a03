// SPDX-License-Identifier: Apache-2.0
package io.dvdi.lifecycle;

/**
 * Identifies the mount that contains a path, until the next boot.
 *
 * @param mountId never reused if the kernel has STATX_MNT_ID_UNIQUE (Linux 6.8); otherwise it may
 *     be reused after an unmount
 * @param device of the file system, {@code major:minor}; usually distinguishes mounts with a reused
 *     ID
 */
public record MountIdentity(long mountId, String device) {}
