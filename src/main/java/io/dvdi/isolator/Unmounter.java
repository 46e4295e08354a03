// SPDX-License-Identifier: Apache-2.0
package io.dvdi.isolator;

import io.dvdi.checkpoint.VolumeRecord;
import io.dvdi.driver.Deadline;
import io.dvdi.driver.DriverException;
import io.dvdi.driver.Drivers;
import io.dvdi.driver.VolumeDriver;
import io.dvdi.log.Log;
import io.dvdi.mount.MountIdentity;
import io.dvdi.mount.Mounts;
import io.dvdi.mount.Proof;
import io.dvdi.volume.InvalidRequestException;
import io.dvdi.volume.VolumeId;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import org.jspecify.annotations.Nullable;

/**
 * Has a volume unmounted, and looks whether it is. An error of a driver does not mean that it is
 * still mounted, and success not that it is gone: the mount table decides. Called in the volume's
 * lane.
 */
final class Unmounter {
  /**
   * How it ended.
   *
   * @param gone whether the volume is not mounted any more
   * @param answered false: the driver was told, and may still do it
   * @param failure what the driver said, if it failed
   */
  record Outcome(boolean gone, boolean answered, Optional<String> failure) {}

  /** Until when a mount that was not answered may still come. */
  private final ConcurrentMap<VolumeId, Deadline> late = new ConcurrentHashMap<>();

  private final Drivers drivers;
  private final Mounts mounts;
  private final Proof proof;
  private final Duration timeout;
  private final Log log;

  Unmounter(Drivers drivers, Mounts mounts, Proof proof, Duration timeout, Log log) {
    this.drivers = drivers;
    this.mounts = mounts;
    this.proof = proof;
    this.timeout = timeout;
    this.log = log;
  }

  /** The volume's mount was not answered, and may still come within this time. */
  void mayComeWithin(VolumeId volume, Duration time) {
    late.put(volume, Deadline.after(time));
  }

  Outcome unmount(VolumeRecord record) {
    boolean there = record.identity().map(this::exists).orElse(true);
    if (isCovered(record)) {
      // What covers it is not ours to unmount, and a driver would unmount that first.
      return new Outcome(
          !there,
          true,
          Optional.of(
              there
                  ? "something else is mounted over it; unmount that first"
                  : "somebody else has unmounted it, and something else is mounted there now"));
    }
    boolean givenUp = record.state() == VolumeRecord.State.GIVEN_UP;
    DriverException failed = givenUp ? null : tellDriver(record);
    boolean gone = !looksMounted(record, failed);
    if (gone) {
      late.remove(record.id());
    }
    Optional<String> failure =
        Optional.ofNullable(failed).map(thrown -> String.valueOf(thrown.getMessage()));
    return new Outcome(
        gone,
        failed == null || !failed.isUncertain(),
        there || givenUp
            ? failure
            : Optional.of("somebody else has unmounted it while it was in use"));
  }

  /** Another mount than the volume's own is uppermost at its mountpoint. */
  private boolean isCovered(VolumeRecord record) {
    Path path = record.mountpoint().orElse(null);
    return path != null
        && record.identity().isPresent()
        && proof.now(path, record.identity().get()) == Proof.Now.GONE
        && proof.isMountpoint(path);
  }

  private boolean exists(MountIdentity identity) {
    try {
      return mounts.exists(identity);
    } catch (IOException e) {
      return true; // not known; so that it is looked at again
    }
  }

  private @Nullable DriverException tellDriver(VolumeRecord record) {
    try {
      drivers
          .ofKind(record.service())
          .unmount(
              new VolumeDriver.Unmount(
                  record.id(),
                  record.mountId(),
                  record.mountpoint(),
                  Deadline.after(timeout),
                  record.options()));
      return null;
    } catch (InvalidRequestException e) {
      return DriverException.failed(String.valueOf(e.getMessage()), e);
    } catch (DriverException e) {
      unmountOrphan(record, e);
      return e;
    }
  }

  /**
   * Unmounts what no driver will any more: the FUSE mount that a killed plugin leaves, and a mount
   * that its driver has no account of. rclone forgets a mount ID before it unmounts, and after an
   * EBUSY says for ever that the volume is not mounted.
   */
  private void unmountOrphan(VolumeRecord record, DriverException failed) {
    Path path = record.mountpoint().orElse(null);
    MountIdentity identity = record.identity().orElse(null);
    if (path == null || identity == null) {
      return;
    }
    String reason;
    if (proof.isDead(path, identity)) {
      reason = "it is dead";
    } else if (saysNotMounted(failed) && proof.now(path, identity) == Proof.Now.INTACT) {
      reason = "its driver says that it is not mounted, but it is";
    } else {
      return;
    }
    try {
      mounts.unmount(path);
      log.warning("%s at %s: %s; the module has unmounted it".formatted(record.id(), path, reason));
    } catch (IOException e) {
      log.warning("%s at %s: %s; %s".formatted(record.id(), path, reason, e.getMessage()));
    }
  }

  /**
   * Only words tell this from other failures, such as that of a storage service, after which the
   * driver has to be asked again.
   */
  private static boolean saysNotMounted(DriverException failed) {
    return !failed.isUncertain()
        && String.valueOf(failed.getMessage()).toLowerCase(Locale.ROOT).contains("not mounted");
  }

  /** The driver was told, which must not be lost for want of a thread to look with. */
  private boolean looksMounted(VolumeRecord record, @Nullable DriverException failed) {
    try {
      return isMounted(record, failed);
    } catch (RuntimeException | Error e) {
      return true; // not known; so that it is looked at again
    }
  }

  private boolean isMounted(VolumeRecord record, @Nullable DriverException failed) {
    Path path = record.mountpoint().orElse(null);
    if (path == null) {
      return failed != null && mayBeSomewhere(record, failed);
    }
    return record.identity().map(this::exists).orElseGet(() -> proof.isMountpoint(path));
  }

  /**
   * A mount that was never answered has no mountpoint to look at, and most plugins refuse to
   * unmount what they have not mounted. When it cannot come any more, the driver's own account says
   * where to look.
   */
  private boolean mayBeSomewhere(VolumeRecord record, DriverException failed) {
    Deadline wait = late.get(record.id());
    if (failed.isUncertain() || (wait != null && !wait.left().isZero())) {
      return true;
    }
    try {
      return drivers
          .ofKind(record.service())
          .reported(record.id(), Deadline.after(timeout))
          .map(proof::isMountpoint)
          .orElse(false);
    } catch (DriverException | InvalidRequestException e) {
      return true;
    }
  }
}
