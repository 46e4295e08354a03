// SPDX-License-Identifier: Apache-2.0
package io.dvdi.module;

import io.dvdi.isolator.Neighbour;
import io.dvdi.log.Log;
import io.dvdi.predecessor.DockerVolumeFolder;
import io.dvdi.volume.AgentLocale;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;

/** Who mounts the volumes of ContainerInfo: this module, or Mesos' own isolator docker/volume. */
enum ContainerVolumes {
  /** This module, unless the agent runs docker/volume. */
  AUTO,
  TAKE,
  LEAVE;

  private static final String ISOLATOR = "docker/volume";

  /** As it is written in modules.json; absent when it is none of them. */
  static Optional<ContainerVolumes> of(String text) {
    return Arrays.stream(values())
        .filter(value -> value.name().toLowerCase(Locale.ROOT).equals(text))
        .findFirst();
  }

  /**
   * Decides, and says so in the log.
   *
   * @return docker/volume, if they are left to it
   * @throws InvalidParameterException if both would mount the same volumes
   */
  static Optional<Neighbour> decide(Settings settings, AgentFlags flags, Log log) {
    boolean runs = flags.lists("isolation", ISOLATOR);
    if (runs && settings.containerVolumes() == TAKE) {
      throw new InvalidParameterException(
          "the parameter container_volumes is take, but the agent's --isolation has docker/volume,"
              + " which mounts the volumes of ContainerInfo as well; take that out of --isolation,"
              + " or set container_volumes to auto, which leaves them to it");
    }
    if (runs && settings.importDockerVolume().isPresent()) {
      throw new InvalidParameterException(
          "the parameter import_docker_volume takes over what docker/volume has mounted, but the"
              + " agent's --isolation still has docker/volume, which goes on with it; take that out"
              + " of --isolation, or remove the parameter");
    }
    if (!runs && settings.containerVolumes() != LEAVE) {
      log.info("volumes of ContainerInfo and volumes of DVDI_VOLUME_NAME are mounted by dvdi");
      return Optional.empty();
    }
    if (runs) {
      log.info(
          "volumes of ContainerInfo are left to Mesos' docker/volume, which is in the agent's"
              + " --isolation; volumes of DVDI_VOLUME_NAME are mounted by dvdi");
    } else {
      log.warning(
          "volumes of ContainerInfo are not mounted by dvdi (container_volumes is leave), and the"
              + " agent's --isolation has no docker/volume that would: tasks that ask for them may"
              + " write to the host's disk");
    }
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
