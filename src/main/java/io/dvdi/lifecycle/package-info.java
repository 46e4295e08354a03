// SPDX-License-Identifier: Apache-2.0
/**
 * Decides what happens to volumes, and to containers that are prepared. Does no I/O.
 *
 * <p>{@link VolumeLife} and {@link ContainerLife} are state machines: an event goes in, the next
 * state and a list of steps come out. They do no I/O and know no thread, clock or randomness; time
 * comes with the event. The caller keeps the state, applies the events of one volume one at a time,
 * and carries out the steps in order.
 *
 * <p>A step that changes the world comes out only after the record that announces it is on disk.
 * The next step depends only on the record, the evidence and the wishes. An agent that starts
 * passes in the records that it found, and takes the same path.
 *
 * <p>{@link Mounts} and {@link Owners} are the ports through which the caller carries out the steps
 * that concern the kernel. {@code io.dvdi.linux} implements them.
 *
 * <p>ARCHITECTURE.md has the rules, in "The life of a volume". The simulator ({@code bin/simulate})
 * runs these same classes.
 */
@NullMarked
package io.dvdi.lifecycle;

import org.jspecify.annotations.NullMarked;
