// SPDX-License-Identifier: Apache-2.0
/**
 * The records of volumes on disk, one file for each volume. They survive the agent.
 *
 * <p>A record is written before Mount and before Unmount, and removed only when nothing is mounted.
 * So the agent may be killed at any point: the next one knows every volume that may be mounted.
 */
@NullMarked
package io.dvdi.checkpoint;

import org.jspecify.annotations.NullMarked;
