// SPDX-License-Identifier: Apache-2.0
/**
 * The port to what is mounted where, and the proof that a volume is. A driver's word is not enough:
 * drivers return paths on which nothing is mounted, and a task would then fill the host's own disk.
 *
 * <p>Looking costs the same whatever the number of mounts on the host, since the mount table is
 * never read: the kernel is asked about one path.
 */
@NullMarked
package io.dvdi.mount;

import org.jspecify.annotations.NullMarked;
