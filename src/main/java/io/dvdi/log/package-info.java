// SPDX-License-Identifier: Apache-2.0
/** The port to the host's log. */
@NullMarked
package io.dvdi.log;

import org.jspecify.annotations.NullMarked;
