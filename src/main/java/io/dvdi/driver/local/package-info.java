// SPDX-License-Identifier: Apache-2.0
/**
 * The built-in driver {@code local}: volumes that this host makes by itself with mount(2), with the
 * options of Docker's local driver, and file systems in files with those of the original project's
 * example.
 */
@NullMarked
package io.dvdi.driver.local;

import org.jspecify.annotations.NullMarked;
