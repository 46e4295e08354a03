// SPDX-License-Identifier: Apache-2.0
package io.dvdi.driver.local;

import io.dvdi.linux.OwnFolder;
import io.dvdi.volume.VolumeId;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;

/**
 * The folder of one volume. Only root can go through it, so that no local user reaches the volume
 * by its name, whatever the mode of its root directory. Containers have it through their bind
 * mounts.
 */
final class VolumeFolder {
  static final String MOUNTPOINT = "mount";
  static final String DIRECTORY = "_data";

  private VolumeFolder() {}

  /**
   * The file name for a volume. A name that is a path of the host has slashes; no other name of a
   * local volume has a slash or a percent sign.
   */
  static String nameOf(VolumeId id) {
    return id.name().replace("%", "%25").replace("/", "%2F");
  }

  static void create(Path folder) throws IOException {
    OwnFolder.create(folder);
    OwnFolder.close(folder);
  }

  /** Creates the folder on which a volume is mounted. Does not look at what is mounted there. */
  static void createMountpoint(Path folder) throws IOException {
    create(folder);
    try (DirectoryStream<Path> found = Files.newDirectoryStream(folder, MOUNTPOINT)) {
      // On a frozen file system mkdir(2) waits, also if the folder exists.
      if (!found.iterator().hasNext()) {
        Files.createDirectory(
            folder.resolve(MOUNTPOINT),
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
      }
    }
  }

  /** Closes the folders that version 0.1.0 created. */
  static void closeFormer(Path folders) throws IOException {
    try (DirectoryStream<Path> entries = Files.newDirectoryStream(folders)) {
      for (Path entry : entries) {
        if (Files.isDirectory(entry, LinkOption.NOFOLLOW_LINKS) && isVolumes(entry)) {
          OwnFolder.closeFormer(entry);
        }
      }
    }
  }

  /** The folder may be one that the operator uses for other things as well. */
  private static boolean isVolumes(Path folder) {
    return List.of(MOUNTPOINT, DIRECTORY, ImageFiles.IMAGE).stream()
        .anyMatch(name -> Files.exists(folder.resolve(name), LinkOption.NOFOLLOW_LINKS));
  }
}
