// SPDX-License-Identifier: Apache-2.0
package io.dvdi.cli;

import io.dvdi.marathon.AppId;
import io.dvdi.volume.ContainerPath;
import io.dvdi.volume.VolumeRequest;
import java.util.List;
import java.util.Optional;

/** The volumes that an app would get. */
record Plan(AppId app, List<VolumeRequest> volumes) {
  Plan {
    volumes = List.copyOf(volumes);
  }

  /** Where the task sees the volume; absent: only where it is mounted on the host. */
  static Optional<String> path(VolumeRequest volume) {
    return volume.containerPath().map(path -> sandboxed(path) + path);
  }

  private static String sandboxed(ContainerPath path) {
    return path.absolute() ? "" : "$MESOS_SANDBOX/";
  }

  static String mode(VolumeRequest volume) {
    return volume.readOnly() ? "RO" : "RW";
  }

  /**
   * The variable that tells the task where the volume is; absent for the eleventh and later
   * volumes.
   */
  static Optional<String> variable(VolumeRequest volume) {
    return volume.slot().map(slot -> "DVDI_VOLUME_MOUNTPOINT" + slot);
  }
}
