// SPDX-License-Identifier: Apache-2.0
/** Which of the kinds of drivers serves a driver's name on this host. */
@NullMarked
package io.dvdi.driver.installed;

import org.jspecify.annotations.NullMarked;
