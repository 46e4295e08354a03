// SPDX-License-Identifier: Apache-2.0
/**
 * The command line: what would a Marathon app get? It reads app files and prints; it starts, mounts
 * and asks nothing. What asks plugins is in {@code io.dvdi.cli.volume}.
 */
@NullMarked
package io.dvdi.cli;

import org.jspecify.annotations.NullMarked;
