// SPDX-License-Identifier: Apache-2.0
package io.dvdi.linux;

import io.dvdi.lifecycle.Evidence;

/**
 * What the kernel tells of a mount without asking its file system.
 *
 * @param mount which one
 * @param type the kernel's name of the file system, such as ext4
 * @param readOnly the mount, or its file system, refuses writes
 */
record MountFacts(Evidence mount, String type, boolean readOnly) {}
