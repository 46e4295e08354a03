// SPDX-License-Identifier: Apache-2.0
package io.dvdi.marathon;

import io.dvdi.volume.ContainerVolume;
import io.dvdi.volume.VolumeRequest;
import io.dvdi.volume.VolumeRequests;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The task that Marathon makes of an app.
 *
 * @param environment the task's variables
 * @param volumes those of its ContainerInfo
 */
public record Task(
    App app, List<Map.Entry<String, String>> environment, List<ContainerVolume> volumes) {
  public Task {
    environment = List.copyOf(environment);
    volumes = List.copyOf(volumes);
  }

  /**
   * Makes the task as the Marathon of that form does.
   *
   * @throws InvalidAppException if the form cannot express the app's volumes
   */
  public static Task of(App app, VolumeForm form) {
    return switch (form) {
      case VARIABLES -> new Task(app, VolumeVariables.of(app), List.of());
      case DOCKER_VOLUMES -> new Task(app, app.environment(), containerVolumes(app));
    };
  }

  private static List<ContainerVolume> containerVolumes(App app) {
    List<ContainerVolume> volumes = new ArrayList<>();
    for (ExternalVolume volume : app.externalVolumes()) {
      volumes.add(
          new ContainerVolume(
              Optional.of(volume.driver()),
              volume.name(),
              volume.containerPath(),
              List.copyOf(volume.options().values().entrySet()),
              false));
    }
    return volumes;
  }

  /**
   * What the module will read out of this task.
   *
   * @throws io.dvdi.volume.InvalidRequestException if it would refuse it
   */
  public List<VolumeRequest> requests(String defaultDriver) {
    return VolumeRequests.parse(environment, volumes, defaultDriver);
  }
}
