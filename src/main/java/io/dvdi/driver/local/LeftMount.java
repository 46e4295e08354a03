// SPDX-License-Identifier: Apache-2.0
package io.dvdi.driver.local;

import io.dvdi.driver.DriverException;
import io.dvdi.lifecycle.Evidence;
import io.dvdi.lifecycle.Seen;
import io.dvdi.lifecycle.VolumeEvent.Succeeded;
import io.dvdi.linux.KernelLook;
import io.dvdi.linux.LinuxException;
import io.dvdi.linux.LoopDevices;
import io.dvdi.linux.MountSource;
import io.dvdi.linux.PrivateFile;
import io.dvdi.log.Log;
import io.dvdi.volume.MountOption;
import io.dvdi.volume.VolumeId;
import java.io.IOException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributeView;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.Optional;

/**
 * What is mounted at a volume's mountpoint before it is to be mounted: as a rule, what an Unmount
 * has left because a process still used it.
 *
 * <p>The next task gets that mount if it is what its options ask for, and if its file system
 * answers I/O: it has the same files as a mount made anew would show, and an administrator's shell
 * that stays in a folder of the volume does not keep the task from running. Nothing is mounted over
 * it, since the Unmount that is still to come would take the upper one; and no second loop device
 * is made, which would destroy the file system.
 *
 * <p>In all other cases the task is refused, and the message says what to do. A volume that is to
 * be fresh would show the files of the task before; a file system that does not answer would hang
 * the task; of what is something else, nobody knows whose it is.
 */
final class LeftMount {
  private final KernelLook kernel;
  private final DirectMount directMount;
  private final ImageFiles images;
  private final Log log;

  LeftMount(KernelLook kernel, DirectMount directMount, ImageFiles images, Log log) {
    this.kernel = kernel;
    this.directMount = directMount;
    this.images = images;
    this.log = log;
  }

  /**
   * Uses what is mounted at the mountpoint; empty if nothing is.
   *
   * @throws DriverException if something is that must not be used
   */
  Optional<Succeeded> use(VolumeId id, LocalOptions wanted, Path folder, Path mountpoint)
      throws IOException, DriverException {
    Seen seen =
        kernel.look(
            "", // a disk of that name may hold the volume's folder
            Optional.of(mountpoint.toString()),
            Optional.empty(),
            Optional.empty(),
            false);
    if (seen.place() instanceof Seen.Unknown unknown) {
      throw DriverException.failed(
          "it is unknown whether something is mounted at %s already: %s"
              .formatted(mountpoint, unknown.why()));
    }
    if (!(seen.place() instanceof Seen.Mounted there)) {
      return Optional.empty();
    }
    if (there.health() != Seen.Health.ANSWERS) {
      throw DriverException.failed(
          "something is mounted at %1$s already, and its file system does not answer; unmount it first, if necessary with `umount --lazy %1$s`"
              .formatted(mountpoint));
    }
    Optional<MountSource> source = MountSource.of(there.mount());
    if (source.isEmpty() || !isSame(id, wanted, folder, there.mount(), source.get())) {
      throw DriverException.failed(
          "the mount at %1$s does not match the volume's options (`findmnt %1$s` shows it); unmount it first"
              .formatted(mountpoint));
    }
    if (isFresh(wanted)) {
      throw DriverException.failed(
          "the task asks for a new file system, but the volume is still mounted at %1$s with the files of an earlier task; end the processes that use it (`fuser -vm %1$s` shows them)"
              .formatted(mountpoint));
    }
    refuseBroken(wanted, there, mountpoint, source.get().source().startsWith("/dev/"));
    log.info("%s is still mounted at %s, and is used as it is".formatted(id, mountpoint));
    return Optional.of(
        wanted instanceof LocalOptions.Direct direct
            ? DirectMount.success(direct, mountpoint)
            : new Succeeded(mountpoint.toString(), false));
  }

  private static boolean isFresh(LocalOptions wanted) {
    return switch (wanted) {
      case LocalOptions.Direct direct -> direct.type().equals("tmpfs");
      case LocalOptions.Image image -> image.overwrite();
      case LocalOptions.Plain plain -> false;
    };
  }

  private boolean isSame(
      VolumeId id, LocalOptions wanted, Path folder, Evidence there, MountSource source)
      throws IOException, DriverException {
    if (!MountOption.has(source.options(), "nosuid")
        || !MountOption.has(source.options(), "nodev")) {
      return false;
    }
    if (!(wanted instanceof LocalOptions.Direct direct)) {
      return there.root().equals("/")
          && images.exists(folder)
          && LoopDevices.deviceOf(images.of(folder)).equals(Optional.of(there.device()));
    }
    return direct.type().equals("tmpfs")
        ? source.type().equals("tmpfs") && there.root().equals("/")
        : directMount.isSame(id, direct, there, source);
  }

  /**
   * A file system whose device is gone still answers statfs(2), and reads, from memory. What was
   * written before fsync(2) has to reach the device: here, when the root was last read.
   */
  private static void refuseBroken(
      LocalOptions wanted, Seen.Mounted there, Path mountpoint, boolean hasDevice)
      throws IOException, DriverException {
    if (there.readOnly() && !(wanted instanceof LocalOptions.Direct)) {
      throw broken(mountpoint, "it has become read-only");
    }
    try (PrivateFile root = PrivateFile.reading(mountpoint)) {
      if (hasDevice && !there.readOnly()) {
        Files.getFileAttributeView(mountpoint, BasicFileAttributeView.class)
            .setTimes(null, FileTime.from(Instant.now()), null);
      }
      root.force();
    } catch (LinuxException e) {
      // EINVAL: file systems without a disk need no fsync(2).
      if (!e.errnoName().equals("EINVAL")) {
        throw broken(mountpoint, String.valueOf(e.getMessage()));
      }
    } catch (FileSystemException e) {
      throw broken(mountpoint, String.valueOf(e.getReason()));
    }
  }

  private static DriverException broken(Path mountpoint, String why) {
    return DriverException.failed(
        "it is still mounted at %1$s, but its file system is broken (%2$s); unmount it first (`fuser -vm %1$s` shows what uses it)"
            .formatted(mountpoint, why));
  }
}
