// SPDX-License-Identifier: Apache-2.0
/**
 * What a task requests: volumes, their options and their container paths. All types are immutable
 * values. Their constructors refuse invalid input with a message for the person who wrote the task.
 *
 * <p>This package does no I/O, and imports only java.base.
 */
@NullMarked
package io.dvdi.volume;

import org.jspecify.annotations.NullMarked;
