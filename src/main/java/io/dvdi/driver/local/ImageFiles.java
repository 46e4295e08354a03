// SPDX-License-Identifier: Apache-2.0
package io.dvdi.driver.local;

import static java.nio.file.LinkOption.NOFOLLOW_LINKS;

import io.dvdi.driver.Deadline;
import io.dvdi.driver.DriverException;
import io.dvdi.driver.DriverWords;
import io.dvdi.driver.Program;
import io.dvdi.linux.LinuxFileSystem;
import io.dvdi.linux.LoopDevices;
import io.dvdi.linux.MountOptions;
import io.dvdi.linux.PrivateFile;
import io.dvdi.linux.SparseFile;
import io.dvdi.log.Log;
import io.dvdi.volume.Options;
import io.dvdi.volume.VolumeId;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.OptionalLong;

/**
 * File systems in files, mounted through loop devices. A new one is made under another name and
 * renamed when it is whole, so that a crash leaves no half-made file system, and an old one stays
 * until its successor is there.
 */
final class ImageFiles {
  static final String IMAGE = "image";
  private static final String NEW = "image.new";

  private final DiskMounts diskMounts;
  private final Log log;

  ImageFiles(DiskMounts diskMounts, Log log) {
    this.diskMounts = diskMounts;
    this.log = log;
  }

  boolean exists(Path folder) {
    return Files.isRegularFile(folder.resolve(IMAGE));
  }

  /** The file that holds the volume, whether it exists or not. */
  Path of(Path folder) {
    return folder.resolve(IMAGE);
  }

  /** Makes the volume's file system. What exists is replaced, once its successor is whole. */
  void make(VolumeId id, Path folder, LocalOptions.Image wanted)
      throws IOException, DriverException {
    LoopDevices.require();
    Path image = folder.resolve(IMAGE);
    boolean exists = exists(folder);
    OptionalLong size = wanted.size();
    if (size.isEmpty() && !exists) {
      throw DriverException.failed(image + " does not exist; give the option size in GiB");
    }
    String type =
        wanted.type().isEmpty() && exists
            ? FileSystemImage.typeOf(image)
            : wanted.type().orElse("ext4");
    make(id, folder, size.isPresent() ? size.getAsLong() : Files.size(image), type);
  }

  /** Mounts the volume's file system. */
  void mount(VolumeId id, Path folder, Path mountpoint) throws IOException, DriverException {
    LoopDevices.require();
    Path image = folder.resolve(IMAGE);
    String type = FileSystemImage.typeOf(image);
    try (LoopDevices.Attached device = LoopDevices.attach(image)) {
      diskMounts.mount(id, device.path(), mountpoint, type, MountOptions.of(List.of()).text());
    }
  }

  private void make(VolumeId id, Path folder, long size, String type)
      throws IOException, DriverException {
    Path next = folder.resolve(NEW);
    try {
      reserve(folder, next, size);
      Program.Ended ended = Program.run(command(type, next), Deadline.never());
      if (ended.status() != 0) {
        throw DriverException.failed(
            "mkfs.%s failed with status %d: %s"
                .formatted(
                    type,
                    ended.status(),
                    DriverWords.start(lastLine(ended.error()), Options.NONE)));
      }
      try (PrivateFile file = PrivateFile.reading(next)) {
        file.force();
      }
      Files.move(next, folder.resolve(IMAGE), StandardCopyOption.ATOMIC_MOVE);
      PrivateFile.forceFolderOf(next);
    } finally {
      Files.deleteIfExists(next);
    }
    log.info(
        "%s was created: %s, %d GiB, in %s"
            .formatted(id, type, size / LocalOptions.GIB, folder.resolve(IMAGE)));
  }

  /**
   * Makes the file, sparse: it takes what is written to it. Synchronized, as each looks at what the
   * others may still take.
   */
  private synchronized void reserve(Path folder, Path next, long size)
      throws IOException, DriverException {
    // Not emptied but made anew: a mkfs of an agent that was killed may still write to the old one.
    Files.deleteIfExists(next);
    // Not Files.getFileStore: it searches the mount table, and has no answer in a btrfs subvolume.
    long free = LinuxFileSystem.at(folder).available();
    long promised = promised(folder);
    if (size > free - promised) {
      throw DriverException.failed(
          ("its %d GiB do not fit on the disk of %s: %d GiB are free, and the other volumes can"
                  + " still use %d GiB of these; request less, or free some space")
              .formatted(
                  size / LocalOptions.GIB,
                  folder,
                  free / LocalOptions.GIB,
                  Math.ceilDiv(promised, LocalOptions.GIB)));
    }
    try (PrivateFile file = PrivateFile.making(next)) {
      file.truncate(size);
    }
  }

  /** What the images of the other volumes on this disk may still grow by. */
  private static long promised(Path folder) throws IOException {
    Object disk = Files.getAttribute(folder, "unix:dev");
    long promised = 0;
    try (DirectoryStream<Path> volumes = Files.newDirectoryStream(parent(folder))) {
      for (Path volume : volumes) {
        if (volume.equals(folder)) {
          continue; // its old image goes when the new one is there
        }
        for (String name : List.of(IMAGE, NEW)) {
          Path image = volume.resolve(name);
          try {
            if (Files.isRegularFile(image, NOFOLLOW_LINKS)
                && Files.getAttribute(image, "unix:dev", NOFOLLOW_LINKS).equals(disk)) {
              promised += SparseFile.hole(image);
            }
          } catch (NoSuchFileException e) {
            // It was renamed or deleted meanwhile.
          }
        }
      }
    }
    return promised;
  }

  private static Path parent(Path folder) throws IOException {
    Path parent = folder.getParent();
    if (parent == null) {
      throw new IOException(folder + " is no volume's folder");
    }
    return parent;
  }

  private static List<String> command(String type, Path image) {
    return type.equals("xfs")
        ? List.of("mkfs.xfs", "-q", "-f", image.toString())
        : List.of("mkfs.ext4", "-q", "-F", image.toString());
  }

  /** Warns of options that ask for another file system than there is. */
  void tellDifferences(VolumeId id, Path folder, LocalOptions.Image wanted)
      throws IOException, DriverException {
    Path image = folder.resolve(IMAGE);
    String type = FileSystemImage.typeOf(image);
    long size = Files.size(image);
    if (!wanted.type().orElse(type).equals(type) || wanted.size().orElse(size) != size) {
      log.warning(
          "%s exists with %s and %d GiB, and is not changed; overwritefs=true would create a new file system, without its data"
              .formatted(id, type, size / LocalOptions.GIB));
    }
  }

  private static String lastLine(String text) {
    return text.lines().reduce((first, second) -> second).orElse("it said nothing");
  }
}
