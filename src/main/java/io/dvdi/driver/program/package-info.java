// SPDX-License-Identifier: Apache-2.0
/** The only place that starts programs: an argument list, never a shell. */
@NullMarked
package io.dvdi.driver.program;

import org.jspecify.annotations.NullMarked;
