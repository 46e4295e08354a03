// SPDX-License-Identifier: Apache-2.0
/**
 * The Java side of the contract in dvdi.h: boot, the upcalls, and the copying of what they carry.
 * All else of this module knows no C.
 */
@NullMarked
package io.dvdi.module;

import org.jspecify.annotations.NullMarked;
