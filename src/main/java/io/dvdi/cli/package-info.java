// SPDX-License-Identifier: Apache-2.0
/**
 * The command line: what would a Marathon app get? It reads app files and prints; it starts, mounts
 * and asks nothing.
 */
@NullMarked
package io.dvdi.cli;

import org.jspecify.annotations.NullMarked;
