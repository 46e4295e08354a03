// SPDX-License-Identifier: Apache-2.0
package io.dvdi.module;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.dvdi.linux.PrivateFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFileAttributes;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;

/**
 * The folders of one agent, locked against a second one: two would each believe that they count a
 * volume's users.
 */
final class StateFolder implements AutoCloseable {
  private final Path records;
  private final PrivateFile lock;

  private StateFolder(Path records, PrivateFile lock) {
    this.records = records;
    this.lock = lock;
  }

  /**
   * Makes what is missing, and takes the lock.
   *
   * @throws InvalidParameterException if the folders cannot be used, or another agent does
   */
  static StateFolder open(Settings settings) {
    makePrivate(Parameter.STATE_DIR, settings.stateDir(), "rwx--x--x");
    makePrivate(Parameter.LOCAL_DIR, settings.drivers().local().folder(), "rwx--x--x");
    Path records = settings.stateDir().resolve("volumes");
    makePrivate(Parameter.STATE_DIR, records, "rwx------");
    Path file = settings.stateDir().resolve("lock");
    try {
      PrivateFile lock = PrivateFile.writing(file);
      try {
        if (!lock.lock()) {
          throw new InvalidParameterException(
              "the folder %s (parameter state_dir) is in use by another agent, process %s; give each agent its own"
                  .formatted(settings.stateDir(), Files.readString(file).strip()));
        }
        lock.truncate(0);
        lock.write((ProcessHandle.current().pid() + "\n").getBytes(UTF_8));
      } catch (IOException | RuntimeException e) {
        lock.close();
        throw e;
      }
      return new StateFolder(records, lock);
    } catch (IOException e) {
      throw new InvalidParameterException(
          "the folder %s (parameter state_dir) cannot be used: %s"
              .formatted(settings.stateDir(), e));
    }
  }

  private static void makePrivate(Parameter parameter, Path folder, String permissions) {
    try {
      Files.createDirectories(
          folder,
          PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString(permissions)));
      PosixFileAttributes attributes =
          Files.readAttributes(folder, PosixFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
      if (!attributes.isDirectory()
          // The number: an account of another name may have it as well.
          || !Integer.valueOf(0)
              .equals(Files.getAttribute(folder, "unix:uid", LinkOption.NOFOLLOW_LINKS))
          || attributes.permissions().contains(PosixFilePermission.OTHERS_WRITE)
          || attributes.permissions().contains(PosixFilePermission.GROUP_WRITE)) {
        throw new InvalidParameterException(
            "the folder %s (parameter %s) has to be a folder of root's that nobody else may write to; it is %s %s"
                .formatted(
                    folder,
                    parameter.key(),
                    attributes.owner().getName(),
                    PosixFilePermissions.toString(attributes.permissions())));
      }
    } catch (IOException e) {
      throw new InvalidParameterException(
          "the folder %s (parameter %s) cannot be made: %s".formatted(folder, parameter.key(), e));
    }
  }

  Path records() {
    return records;
  }

  /** Gives the lock back, as the end of the process does. */
  @Override
  public void close() {
    lock.close();
  }
}
