// SPDX-License-Identifier: Apache-2.0
/**
 * Gives volumes to containers. The first container mounts a volume, the last one unmounts it, and a
 * container gets all of its volumes or none.
 *
 * <p>The shell around {@link io.dvdi.lifecycle}: {@link Isolator} takes the agent's calls; {@link
 * Containers} and {@link Volumes} keep the states, apply events to them one at a time, and have the
 * steps carried out.
 */
@NullMarked
package io.dvdi.isolator;

import org.jspecify.annotations.NullMarked;
