// SPDX-License-Identifier: Apache-2.0
package io.dvdi.module;

import io.dvdi.isolator.Neighbour;
import io.dvdi.log.Log;
import io.dvdi.predecessor.DockerVolumeFolder;
import io.dvdi.volume.AgentLocale;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Optional;

/** Looks for Mesos' own isolator docker/volume in this agent. */
final class DockerVolumeIsolator {
  private static final String NAME = "docker/volume";

  private DockerVolumeIsolator() {}

  /**
   * Finds it, and writes to the log who mounts the volumes of ContainerInfo.
   *
   * @return docker/volume, to which they are left
   * @throws InvalidParameterException if its volumes are to be taken over while it runs
   */
  static Optional<Neighbour> find(Settings settings, AgentFlags flags, Log log) {
    if (!flags.lists("isolation", NAME)) {
      log.info("volumes of ContainerInfo and volumes of DVDI_VOLUME_NAME are mounted by dvdi");
      return Optional.empty();
    }
    if (settings.imports().dockerVolume().isPresent()) {
      throw new InvalidParameterException(
          "the parameter import_docker_volume imports the mounts of docker/volume, but"
              + " docker/volume is still in the agent's --isolation; remove it there, or remove the"
              + " parameter");
    }
    log.info(
        "volumes of ContainerInfo are left to Mesos' docker/volume, which is in the agent's"
            + " --isolation; volumes of DVDI_VOLUME_NAME are mounted by dvdi");
    DockerVolumeFolder folder = new DockerVolumeFolder(checkpoints(flags));
    return Optional.of(new Neighbour(folder::volumes));
  }

  private static Path checkpoints(AgentFlags flags) {
    try {
      return flags
          .value("docker_volume_checkpoint_dir")
          .map(Path::of)
          .orElse(DockerVolumeFolder.DEFAULT);
    } catch (InvalidPathException e) {
      throw new InvalidParameterException(AgentLocale.reason(e));
    }
  }
}
