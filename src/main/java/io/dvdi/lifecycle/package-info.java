// SPDX-License-Identifier: Apache-2.0
/**
 * What becomes of a volume and of a container's prepare, decided without doing any of it.
 *
 * <p>{@link VolumeLife} and {@link ContainerLife} are state machines: an event goes in, the next
 * state and a list of steps come out. They do no I/O and know no thread, clock or randomness; time
 * comes with the event. The caller keeps the state, applies the events of one volume one at a time,
 * and carries the steps out in their order.
 *
 * <p>A step that changes the world comes out only after the record that announces it is on disk.
 * What comes next follows from the record, the evidence and the wishes, and from nothing else: an
 * agent that starts hands in the record that it found, and there is no other way through.
 *
 * <p>The laws are those of ARCHITECTURE.md, "The life of a volume". The simulator ({@code
 * bin/simulate}) runs these very classes.
 */
@NullMarked
package io.dvdi.lifecycle;

import org.jspecify.annotations.NullMarked;
