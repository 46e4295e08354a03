// SPDX-License-Identifier: Apache-2.0
/** What bin/bench runs: measures the module from outside, as a host in C sees it. */
@NullMarked
package io.dvdi.bench;

import org.jspecify.annotations.NullMarked;
