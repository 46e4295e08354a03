// SPDX-License-Identifier: Apache-2.0
package io.dvdi.isolator;

import io.dvdi.mount.MountIdentity;
import io.dvdi.mount.Owner;
import io.dvdi.mount.OwnerRefusedException;
import io.dvdi.volume.Text;
import io.dvdi.volume.VolumeId;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;

/**
 * To whom volumes belong (parameter volume_owner). A new file system is root's, and a task of
 * another user could not write to it.
 *
 * <p>A volume is given to the user of the container that has it mounted, and to nobody else as long
 * as it is mounted: whoever holds it counts on being able to write. A directory of the host's own
 * is never given away, as nobody can tell who else uses it.
 */
final class Ownership {
  private Ownership() {}

  /**
   * The user to whom a task's volumes are to be given; absent: its user needs none. May take as
   * long as the host's source of users does.
   */
  static Optional<String> of(Parts parts, String user) throws VolumeException {
    try {
      return parts.world().owners().named(user).isRoot() ? Optional.empty() : Optional.of(user);
    } catch (IOException e) {
      throw new VolumeException(
          "the volumes cannot be given to the task's user %s (volume_owner): %s"
              .formatted(Text.quote(user), e.getMessage()),
          e);
    }
  }

  /** Gives a volume that was just mounted, and that nobody else holds. */
  static void give(Parts parts, VolumeId id, Path path, MountIdentity mount, String user)
      throws IOException {
    Owner owner = parts.world().owners().named(user);
    try {
      if (parts.world().owners().give(path, mount, owner)) {
        parts.log().info("%s now belongs to %s".formatted(id, owner));
      }
    } catch (OwnerRefusedException e) {
      // Such a file system often lets the user write all the same.
      parts
          .log()
          .warning(
              "%s cannot be given to %s (volume_owner): its file system does not allow changing owners (%s); if the task cannot write, set the owner in the volume's options, such as uid and gid"
                  .formatted(id, owner, e.getMessage()));
    }
  }

  /** A directory of the host's own keeps its owner. */
  static void keep(Parts parts, VolumeId id, String user) {
    parts
        .log()
        .info(
            "%s is a directory of the host, which keeps its owner (volume_owner); %s may be unable to write to it"
                .formatted(id, user));
  }
}
