// SPDX-License-Identifier: Apache-2.0
/**
 * The port to whatever mounts volumes. To add a driver, implement {@link VolumeDriver} in a package
 * of its own, as {@code io.dvdi.driver.local} does, and add its line to {@code Boot.drivers} in
 * {@code io.dvdi.module}.
 *
 * <p>For one volume, a driver gets only one call at a time. For different volumes, calls run in
 * parallel. A driver need not count users: it gets one {@code mount} before the first user and one
 * {@code unmount} after the last.
 */
@NullMarked
package io.dvdi.driver;

import org.jspecify.annotations.NullMarked;
