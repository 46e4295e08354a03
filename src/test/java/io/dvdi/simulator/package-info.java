// SPDX-License-Identifier: Apache-2.0
/**
 * Runs the core, {@link io.dvdi.lifecycle}, in a simulated world: a disk, a kernel, a clock, a
 * driver and its other clients, tasks, and an agent that is killed between any two steps.
 * Everything follows from a seed.
 *
 * <p>The world is written from how kernels and real volume plugins behave, not from what the core
 * expects. {@link io.dvdi.simulator.Checks} holds it against what must never happen. {@code
 * bin/simulate} runs it; it depends on the core and the JDK only.
 */
@NullMarked
package io.dvdi.simulator;

import org.jspecify.annotations.NullMarked;
