// SPDX-License-Identifier: Apache-2.0
/**
 * What a task asks for: volumes, their options, and where they shall appear. Plain values that are
 * right once they exist, since every constructor refuses bad input with a text for the person who
 * wrote the task.
 *
 * <p>Nothing here touches the machine. Imports nothing but java.base.
 */
@NullMarked
package io.dvdi.volume;

import org.jspecify.annotations.NullMarked;
