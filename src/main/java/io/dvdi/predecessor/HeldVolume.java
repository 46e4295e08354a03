// SPDX-License-Identifier: Apache-2.0
package io.dvdi.predecessor;

import java.time.Instant;
import java.util.Optional;

/**
 * A line of a predecessor's checkpoint: a container holds a volume. Nothing of it is checked yet.
 *
 * @param mountpoint if the checkpoint has it
 * @param written when the checkpoint was
 */
record HeldVolume(
    String container, String driver, String name, Optional<String> mountpoint, Instant written) {}
