// SPDX-License-Identifier: Apache-2.0
package io.dvdi.driver.local;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.dvdi.driver.Deadline;
import io.dvdi.driver.DriverException;
import io.dvdi.driver.VolumeDriver;
import io.dvdi.lifecycle.Told;
import io.dvdi.lifecycle.Told.Existence;
import io.dvdi.lifecycle.VolumeEvent.CallEnd;
import io.dvdi.lifecycle.VolumeEvent.Failed;
import io.dvdi.lifecycle.VolumeEvent.Succeeded;
import io.dvdi.linux.KernelLook;
import io.dvdi.linux.LinuxException;
import io.dvdi.linux.MountCalls;
import io.dvdi.log.Log;
import io.dvdi.volume.InvalidRequestException;
import io.dvdi.volume.Options;
import io.dvdi.volume.VolumeId;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.regex.Pattern;

/**
 * The driver {@code local}. A volume has a folder of its own, which holds what the volume consists
 * of and the folder that it is mounted on. Volumes are never deleted.
 *
 * <p>It keeps no account and ignores mount IDs: a mount is there once or not at all. Each call ends
 * as succeeded or failed, since nothing is going on once its system calls and programs have ended.
 * Those that an earlier agent began are found by {@link DiskMounts}, and until they have ended, the
 * driver does not answer for their volume. A mkfs that an interrupt leaves behind writes to a file
 * without a name.
 */
public final class LocalDriver implements VolumeDriver {
  /** Docker's rule for local volumes. */
  private static final Pattern NAME = Pattern.compile("[a-zA-Z0-9][a-zA-Z0-9_.-]*");

  /** Of a file name, in bytes. */
  private static final int LONGEST = 255;

  private final LocalSettings settings;
  private final Supplier<Optional<String>> refusal;
  private final DiskMounts diskMounts;
  private final DirectMount directMount;
  private final ImageFiles images;
  private final LeftMount leftMount;
  private final Log log;

  /**
   * @param locks a folder for locks of processes that mount and unmount, which outlive the agent
   * @param refusal why this agent must not mount or unmount in the folder of the volumes: another
   *     one does
   */
  public LocalDriver(
      LocalSettings settings,
      Path locks,
      Supplier<Optional<String>> refusal,
      KernelLook kernel,
      Log log) {
    this.settings = settings;
    this.refusal = refusal;
    this.diskMounts = new DiskMounts(locks);
    this.directMount = new DirectMount(settings.devices(), diskMounts);
    this.images = new ImageFiles(diskMounts, log);
    this.leftMount = new LeftMount(kernel, directMount, images, log);
    this.log = log;
  }

  /** Closes the folders of volumes that were created by version 0.1.0, which let others through. */
  public void closeFormerFolders() {
    try {
      VolumeFolder.closeFormer(settings.folder());
    } catch (IOException e) {
      log.warning(
          "local users may be able to read volumes below %s, because the modes of their folders cannot be changed: %s; set them to 0700"
              .formatted(settings.folder(), reason(e)));
    }
  }

  @Override
  public void check(VolumeId id, Options options) {
    Optional<String> refused = refusal.get();
    if (refused.isPresent()) {
      throw new InvalidRequestException(id + ": " + refused.get());
    }
    if (!isName(id)) {
      throw new InvalidRequestException(
          "%s: the driver local allows only letters, digits and . _ - in a name, at most 255 characters, and a letter or digit at its start; or the path of a folder that the parameter local_devices allows"
              .formatted(id));
    }
    switch (LocalOptions.of(id, options)) {
      case LocalOptions.Direct direct -> directMount.check(id.toString(), direct);
      case LocalOptions.Image image -> {
        if (image.size().isEmpty() && !images.exists(folder(id))) {
          throw new InvalidRequestException(
              "%s does not exist yet; set the option size, in GiB, to create it".formatted(id));
        }
      }
      case LocalOptions.Plain plain -> {
        if (!settings.plainDirectories() && !images.exists(folder(id))) {
          throw new InvalidRequestException(
              ("%s has no options, and would be a plain directory of the host's disk without a"
                   + " limit; give size=<GiB> for a file system of its own, or let the operator set"
                   + " the parameter default_options.local, such as to size=1, or add local to the"
                   + " parameter plain_directories")
                  .formatted(id));
        }
      }
    }
  }

  /**
   * Refuses default options that could not be those of a volume.
   *
   * @param parameter that has them
   * @throws InvalidRequestException names the parameter
   */
  public void checkDefaults(String parameter, Options defaults) {
    if (LocalOptions.of(parameter, defaults) instanceof LocalOptions.Direct direct) {
      directMount.check(parameter, direct);
    }
  }

  @Override
  public Options defaultsFor(VolumeId id, Options given, Options defaults) {
    return LocalOptions.takesDefaults(id, given, defaults) ? defaults : Options.NONE;
  }

  @Override
  public boolean mountsItself() {
    return true;
  }

  @Override
  public boolean isClosed() {
    return true;
  }

  @Override
  public boolean isFresh(Options options) {
    return LocalOptions.areFresh(options);
  }

  /** Looks into the volume's folder only: what is mounted, which may hang, is not touched. */
  @Override
  public Told ask(VolumeId id, Options options, Deadline deadline) {
    if (!isName(id)) {
      return told(Existence.ABSENT, Optional.empty());
    }
    Path folder = folder(id);
    Path mountpoint = folder.resolve(VolumeFolder.MOUNTPOINT);
    try {
      Optional<String> obstacle = diskMounts.obstacle(id);
      if (obstacle.isPresent()) {
        return unanswered(obstacle.get());
      }
    } catch (IOException e) {
      return unanswered(reason(e));
    }
    boolean hasImage = images.exists(folder);
    try {
      return switch (LocalOptions.of(id, options)) {
        case LocalOptions.Direct direct -> told(Existence.EXISTS, Optional.of(mountpoint));
        case LocalOptions.Image image -> told(existence(hasImage), Optional.of(mountpoint));
        case LocalOptions.Plain plain when hasImage ->
            told(Existence.EXISTS, Optional.of(mountpoint));
        case LocalOptions.Plain plain -> {
          Path directory = folder.resolve(VolumeFolder.DIRECTORY);
          yield told(existence(Files.isDirectory(directory)), Optional.of(directory));
        }
      };
    } catch (InvalidRequestException e) {
      return told(Existence.UNKNOWN, Optional.of(mountpoint)); // options of another version
    }
  }

  /** What an earlier agent began may still take effect. */
  private static Told unanswered(String words) {
    return new Told(
        Existence.NO_ANSWER, Optional.empty(), Optional.empty(), false, Optional.empty(), words);
  }

  private static Existence existence(boolean exists) {
    return exists ? Existence.EXISTS : Existence.ABSENT;
  }

  private static Told told(Existence existence, Optional<Path> path) {
    return new Told(
        existence, Optional.empty(), path.map(Path::toString), false, Optional.empty(), "");
  }

  /** Never makes a volume over one that exists. */
  @Override
  public CallEnd create(VolumeId id, Options options) {
    return ended(id, options, () -> create(id, LocalOptions.of(id, options), folder(id)));
  }

  private Succeeded create(VolumeId id, LocalOptions wanted, Path folder)
      throws IOException, DriverException {
    boolean exists = images.exists(folder);
    switch (wanted) {
      case LocalOptions.Image image when !exists && !image.overwrite() -> {
        VolumeFolder.create(folder);
        images.make(id, folder, image);
      }
      case LocalOptions.Plain plain when !exists -> {
        Path directory = folder.resolve(VolumeFolder.DIRECTORY);
        VolumeFolder.create(folder);
        if (!Files.isDirectory(directory)) {
          Files.createDirectory(directory);
          log.info("%s is the new directory %s".formatted(id, directory));
        }
      }
      default -> {
        // It exists, or each Mount makes it.
      }
    }
    return new Succeeded();
  }

  @Override
  public CallEnd mount(VolumeId id, Options options, String mountId) {
    return ended(id, options, () -> mount(id, LocalOptions.of(id, options), folder(id)));
  }

  private Succeeded mount(VolumeId id, LocalOptions wanted, Path folder)
      throws IOException, DriverException {
    if (wanted instanceof LocalOptions.Plain && !images.exists(folder)) {
      Path directory = folder.resolve(VolumeFolder.DIRECTORY);
      refuseMissing(directory, Files.isDirectory(directory));
      VolumeFolder.create(folder);
      return new Succeeded(directory.toString(), false, true);
    }
    Path mountpoint = folder.resolve(VolumeFolder.MOUNTPOINT);
    Optional<Succeeded> left = leftMount.use(id, wanted, folder, mountpoint);
    if (left.isPresent()) {
      return left.get();
    }
    VolumeFolder.createMountpoint(folder);
    switch (wanted) {
      case LocalOptions.Direct direct -> {
        return directMount.mount(id, direct, mountpoint);
      }
      case LocalOptions.Image image when image.overwrite() -> images.make(id, folder, image);
      case LocalOptions.Image image -> {
        refuseMissing(images.of(folder), images.exists(folder));
        images.tellDifferences(id, folder, image);
      }
      case LocalOptions.Plain plain -> {
        // An image of any kind.
      }
    }
    images.mount(id, folder, mountpoint);
    return new Succeeded(mountpoint.toString(), false);
  }

  private static void refuseMissing(Path path, boolean exists) throws DriverException {
    if (!exists) {
      throw DriverException.failed(path + " does not exist; was it removed?");
    }
  }

  @Override
  public CallEnd unmount(VolumeId id, String mountId, Optional<Path> path, Options options) {
    if (!isName(id)) {
      return new Succeeded(); // no such volume was ever mounted
    }
    Optional<String> refused = refusal.get();
    if (refused.isPresent()) {
      return new Failed(refused.get());
    }
    // The operator may have moved local_dir since it was mounted.
    Path mountpoint =
        path.filter(at -> at.endsWith(Path.of(VolumeFolder.nameOf(id), VolumeFolder.MOUNTPOINT)))
            .orElse(folder(id).resolve(VolumeFolder.MOUNTPOINT));
    try {
      if (isOnDisk(id, options)) {
        diskMounts.unmount(id, mountpoint);
      } else {
        MountCalls.unmount(mountpoint);
      }
      return new Succeeded();
    } catch (DriverException e) {
      return new Failed(String.valueOf(e.getMessage()));
    } catch (LinuxException e) {
      return switch (e.errnoName()) {
        // Not a mountpoint: a plain directory, or it is not mounted.
        case "EINVAL", "ENOENT" -> new Succeeded();
        case "EBUSY" ->
            new Failed(
                "a process on the host still uses it (EBUSY); `fuser -vm "
                    + mountpoint
                    + "` shows which");
        default -> new Failed(String.valueOf(e.getMessage()));
      };
    } catch (IOException e) {
      return new Failed(reason(e));
    }
  }

  private static boolean isOnDisk(VolumeId id, Options options) {
    try {
      return !(LocalOptions.of(id, options) instanceof LocalOptions.Direct direct)
          || DirectMount.isOnDisk(direct);
    } catch (InvalidRequestException e) {
      return true; // options of another version
    }
  }

  /** What a call does. */
  @FunctionalInterface
  private interface Work {
    Succeeded done() throws IOException, DriverException;
  }

  private CallEnd ended(VolumeId id, Options options, Work work) {
    try {
      check(id, options);
      return work.done();
    } catch (InvalidRequestException | DriverException e) {
      return new Failed(String.valueOf(e.getMessage()));
    } catch (IOException e) {
      return new Failed(reason(e));
    }
  }

  private static boolean isName(VolumeId id) {
    return (LocalOptions.isPath(id) || NAME.matcher(id.name()).matches())
        && VolumeFolder.nameOf(id).getBytes(UTF_8).length <= LONGEST;
  }

  private Path folder(VolumeId id) {
    return settings.folder().resolve(VolumeFolder.nameOf(id));
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
