// SPDX-License-Identifier: Apache-2.0
/**
 * What survives the agent: one record a volume, one file a record, on disk before the world is
 * changed.
 *
 * <p>A record is written before Mount ({@code MOUNTING}) and before Unmount ({@code UNMOUNTING}),
 * and removed only when nothing is mounted any more. So whatever moment the agent dies at, the next
 * one knows all that may be mounted.
 */
@NullMarked
package io.dvdi.checkpoint;

import org.jspecify.annotations.NullMarked;
