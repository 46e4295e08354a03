// SPDX-License-Identifier: Apache-2.0
package io.dvdi.marathon;

import io.dvdi.volume.Options;

/**
 * A volume of {@code container.volumes} that Marathon's provider {@code dvdi} serves.
 *
 * @param place where it stands in the app, for messages
 * @param containerPath as the app has it
 * @param options those for the driver, without their prefix {@code dvdi/}; the size is one of them
 * @param shared whether other apps may use the volume too
 */
record ExternalVolume(
    String place,
    String containerPath,
    String name,
    String driver,
    Options options,
    boolean shared) {}
