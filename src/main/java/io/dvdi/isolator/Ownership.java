// SPDX-License-Identifier: Apache-2.0
package io.dvdi.isolator;

import io.dvdi.driver.Mountpoint;
import io.dvdi.log.Log;
import io.dvdi.mount.MountIdentity;
import io.dvdi.mount.Owner;
import io.dvdi.mount.OwnerRefusedException;
import io.dvdi.mount.Owners;
import io.dvdi.volume.Text;
import io.dvdi.volume.VolumeRequest;
import java.io.IOException;
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
  private final Owners owners;
  private final Log log;

  Ownership(Owners owners, Log log) {
    this.owners = owners;
    this.log = log;
  }

  /**
   * To whom a task's volumes are to be given; absent: its user needs none. May take as long as the
   * host's source of users does.
   */
  Optional<Owner> of(String user) throws VolumeException {
    try {
      return Optional.of(owners.named(user)).filter(owner -> !owner.isRoot());
    } catch (IOException e) {
      throw new VolumeException(
          "the volumes cannot be given to the task's user %s (volume_owner): %s"
              .formatted(Text.quote(user), e.getMessage()),
          e);
    }
  }

  /** Gives a volume that was just mounted, and that nobody else holds. */
  void give(
      VolumeRequest request, Mountpoint mountpoint, Optional<MountIdentity> mount, Owner owner)
      throws VolumeException {
    if (request.readOnly() || mountpoint.readOnly()) {
      return;
    }
    if (mount.isEmpty() || mountpoint.hostDirectory()) {
      log.info(
          "%s is a directory of the host's own, which keeps its owner (volume_owner); %s may not be able to write to it"
              .formatted(request.id(), owner));
      return;
    }
    try {
      if (owners.give(mountpoint.path(), mount.get(), owner)) {
        log.info("%s belongs to %s from now on".formatted(request.id(), owner));
      }
    } catch (OwnerRefusedException e) {
      // Such a file system often lets the user write all the same.
      log.warning(
          "%s cannot be given to %s (volume_owner), since its file system decides about owners itself (%s); if the task cannot write, tell the driver whose the files are to be, by options such as uid and gid"
              .formatted(request.id(), owner, e.getMessage()));
    } catch (IOException e) {
      throw new VolumeException(
          "%s cannot be given to %s (volume_owner): %s"
              .formatted(request.id(), owner, e.getMessage()),
          e);
    }
  }
}
