// SPDX-License-Identifier: Apache-2.0
package io.dvdi.driver.local;

import io.dvdi.driver.DriverException;
import io.dvdi.driver.Mountpoint;
import io.dvdi.driver.VolumeDriver;
import io.dvdi.linux.LinuxException;
import io.dvdi.linux.MountCalls;
import io.dvdi.log.Log;
import io.dvdi.volume.InvalidRequestException;
import io.dvdi.volume.Options;
import io.dvdi.volume.VolumeId;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * The driver {@code local}. A volume has a folder of its own, which holds what the volume consists
 * of and the folder that it is mounted on. Volumes are never deleted.
 */
public final class LocalDriver implements VolumeDriver {
  /** Docker's rule for local volumes, and short enough for a file name. */
  private static final Pattern NAME = Pattern.compile("[a-zA-Z0-9][a-zA-Z0-9_.-]{0,254}");

  private static final String MOUNTPOINT = "mount";
  private static final String DIRECTORY = "_data";

  private final LocalSettings settings;
  private final DirectMount directMount;
  private final ImageFiles images;
  private final Log log;

  public LocalDriver(LocalSettings settings, Log log) {
    this.settings = settings;
    this.directMount = new DirectMount(settings.devices());
    this.images = new ImageFiles(log);
    this.log = log;
  }

  @Override
  public void check(VolumeId id, Options options) {
    if (!NAME.matcher(id.name()).matches()) {
      throw new InvalidRequestException(
          "%s: the driver local allows letters, digits and . _ - in a name, at most 255, the first a letter or digit"
              .formatted(id));
    }
    switch (LocalOptions.of(id, options)) {
      case LocalOptions.Direct direct -> directMount.check(id, direct);
      case LocalOptions.Image image -> {
        if (image.size().isEmpty() && !images.exists(folder(id))) {
          throw new InvalidRequestException(
              "%s does not exist yet; give the option size in GiB, so that it can be made"
                  .formatted(id));
        }
      }
      case LocalOptions.Plain plain -> {
        if (!settings.plainDirectories() && !images.exists(folder(id))) {
          throw new InvalidRequestException(
              ("%s has no options, and would be a plain directory of the host's disk without a"
                   + " limit; give size=<GiB> for a file system of its own, or let the operator add"
                   + " local to the parameter plain_directories")
                  .formatted(id));
        }
      }
    }
  }

  @Override
  public Optional<Path> mountpoint(VolumeId id) {
    return Optional.of(folder(id).resolve(MOUNTPOINT));
  }

  @Override
  public Mountpoint mount(Mount mount) throws DriverException {
    VolumeId id = mount.id();
    try {
      check(id, mount.options());
    } catch (InvalidRequestException e) {
      throw DriverException.failed(String.valueOf(e.getMessage()), e);
    }
    Path folder = folder(id);
    Path mountpoint = folder.resolve(MOUNTPOINT);
    try {
      return switch (LocalOptions.of(id, mount.options())) {
        case LocalOptions.Direct direct -> {
          makeFolder(mountpoint);
          yield directMount.mount(id, direct, mountpoint);
        }
        case LocalOptions.Image image -> {
          refuseNew(mount, images.exists(folder));
          makeFolder(mountpoint);
          images.mount(id, folder, image, mountpoint, mount.deadline());
          yield new Mountpoint(mountpoint, false, false);
        }
        case LocalOptions.Plain plain -> {
          if (images.exists(folder)) {
            makeFolder(mountpoint);
            images.mountExisting(id, folder, mountpoint);
            yield new Mountpoint(mountpoint, false, false);
          }
          Path directory = folder.resolve(DIRECTORY);
          refuseNew(mount, Files.isDirectory(directory));
          makeFolder(folder);
          if (!Files.isDirectory(directory)) {
            Files.createDirectory(directory);
            log.info("%s is made as the directory %s".formatted(id, directory));
          }
          yield new Mountpoint(directory, true, false);
        }
      };
    } catch (IOException e) {
      throw DriverException.failed(reason(e), e);
    }
  }

  @Override
  public void unmount(Unmount unmount) throws DriverException {
    Path mountpoint = folder(unmount.id()).resolve(MOUNTPOINT);
    try {
      MountCalls.unmount(mountpoint);
    } catch (LinuxException e) {
      switch (e.errnoName()) {
        case "EINVAL", "ENOENT" -> {
          // Not a mountpoint: a plain directory, or it was never mounted.
        }
        case "EBUSY" ->
            throw DriverException.failed(
                "a process on the host still uses it (EBUSY); `fuser -vm "
                    + mountpoint
                    + "` shows which",
                e);
        default -> throw DriverException.failed(String.valueOf(e.getMessage()), e);
      }
    }
  }

  private static void refuseNew(Mount mount, boolean exists) throws DriverException {
    if (mount.mustExist() && !exists) {
      throw DriverException.failed(
          "it does not exist, and the task asks for one that does (DVDI_VOLUME_EXPLICITCREATE)");
    }
  }

  private Path folder(VolumeId id) {
    return settings.folder().resolve(id.name());
  }

  private static void makeFolder(Path path) throws IOException {
    Files.createDirectories(
        path, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx--x--x")));
  }

  private static String reason(IOException e) {
    return switch (e) {
      case LinuxException linux when linux.errnoName().equals("ENODEV") ->
          e.getMessage()
              + " (this kernel does not know the file system; `cat /proc/filesystems` shows which"
              + " it does)";
      case LinuxException linux -> String.valueOf(linux.getMessage());
      case java.nio.file.FileSystemException file ->
          file.getFile()
              + ": "
              + (file.getReason() == null ? file.getClass().getSimpleName() : file.getReason());
      default -> String.valueOf(e.getMessage());
    };
  }
}
