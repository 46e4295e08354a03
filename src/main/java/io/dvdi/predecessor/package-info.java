// SPDX-License-Identifier: Apache-2.0
/**
 * Volumes that mesos-module-dvdi or Mesos' docker/volume had mounted before this module took their
 * place: their checkpoints are read once, and each volume that is mounted becomes a record, as if
 * an earlier agent of ours had left it. From then on recover does what it always does.
 *
 * <p>The checkpoints are not changed, so that an agent that goes back finds them.
 */
@NullMarked
package io.dvdi.predecessor;

import org.jspecify.annotations.NullMarked;
