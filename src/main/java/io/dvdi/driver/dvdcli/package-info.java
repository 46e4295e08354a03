// SPDX-License-Identifier: Apache-2.0
/** Drivers that are reached through the program dvdcli (github.com/rexray/dvdcli). */
@NullMarked
package io.dvdi.driver.dvdcli;

import org.jspecify.annotations.NullMarked;
