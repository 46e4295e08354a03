// SPDX-License-Identifier: Apache-2.0
/**
 * Who uses which volume, and what follows from it: the first container mounts, the last one
 * unmounts, and a container gets all of its volumes or none.
 *
 * <p>The shell around {@link io.dvdi.lifecycle}: {@link Isolator} takes the agent's calls; {@link
 * Containers} and {@link Volumes} keep the states, bring events to them one at a time, and have
 * what comes out done.
 */
@NullMarked
package io.dvdi.isolator;

import org.jspecify.annotations.NullMarked;
