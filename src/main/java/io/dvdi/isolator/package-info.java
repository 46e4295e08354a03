// SPDX-License-Identifier: Apache-2.0
/**
 * Who uses which volume, and what follows from it: the first container mounts, the last one
 * unmounts, and a container gets all of its volumes or none.
 *
 * <p>{@link Isolator} takes the agent's calls and knows containers; {@link Volumes} knows volumes
 * and their records; {@link Lanes} keeps the operations of one volume in order, while those of
 * different volumes never wait for each other.
 */
@NullMarked
package io.dvdi.isolator;

import org.jspecify.annotations.NullMarked;
