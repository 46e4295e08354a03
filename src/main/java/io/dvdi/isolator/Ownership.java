// SPDX-License-Identifier: Apache-2.0
package io.dvdi.isolator;

import io.dvdi.lifecycle.MountIdentity;
import io.dvdi.lifecycle.Owner;
import io.dvdi.lifecycle.OwnerRefusedException;
import io.dvdi.volume.InvalidRequestException;
import io.dvdi.volume.Text;
import io.dvdi.volume.VolumeId;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;

/**
 * Changes the owner of volumes (parameter volume_owner). A new file system belongs to root, so that
 * a task of another user could not write to it.
 *
 * <p>A volume is given to the user of the container for which it is mounted. It keeps that owner as
 * long as it is mounted, since its users rely on being able to write. A directory of the host keeps
 * its owner, since others may use it.
 */
final class Ownership {
  private Ownership() {}

  /**
   * The user to whom a task's volumes are to be given; absent if that is root. Takes as long as the
   * host's user database does.
   */
  static Optional<String> of(Parts parts, String user) {
    try {
      return parts.world().owners().named(user).isRoot() ? Optional.empty() : Optional.of(user);
    } catch (IOException e) {
      throw new InvalidRequestException(
          "the volumes cannot be given to the task's user %s (volume_owner): %s"
              .formatted(Text.quote(user), e.getMessage()),
          e);
    }
  }

  /** Gives a volume to a user. It was just mounted, and nobody holds it yet. */
  static void give(Parts parts, VolumeId id, Path path, MountIdentity mount, String user)
      throws IOException {
    Owner owner = parts.world().owners().named(user);
    try {
      if (parts.world().owners().give(path, mount, owner)) {
        parts.log().info("%s now belongs to %s".formatted(id, owner));
      }
    } catch (OwnerRefusedException e) {
      // On such a file system, the user can often write nevertheless.
      parts
          .log()
          .warning(
              "%s cannot be given to %s (volume_owner): its file system does not allow changing owners (%s); if the task cannot write, set the owner in the volume's options, such as uid and gid"
                  .formatted(id, owner, e.getMessage()));
    }
  }

  /** Says that a directory of the host keeps its owner. */
  static void keep(Parts parts, VolumeId id, String user) {
    parts
        .log()
        .info(
            "%s is a directory of the host, which keeps its owner (volume_owner); %s may be unable to write to it"
                .formatted(id, user));
  }
}
