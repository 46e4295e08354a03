// SPDX-License-Identifier: Apache-2.0
/**
 * The port to whatever mounts volumes. To add a driver, implement {@link VolumeDriver} in a package
 * of its own, as {@code io.dvdi.driver.local} does, and add its line to {@code Boot.drivers}.
 *
 * <p>A driver is called for one operation of a volume at a time, never for two at once; for
 * different volumes it is called in parallel. It need not count users: there is one {@code mount}
 * before the first, one {@code unmount} after the last.
 */
@NullMarked
package io.dvdi.driver;

import org.jspecify.annotations.NullMarked;
