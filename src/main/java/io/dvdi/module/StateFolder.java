// SPDX-License-Identifier: Apache-2.0
package io.dvdi.module;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.dvdi.linux.OwnFolder;
import io.dvdi.linux.PrivateFile;
import java.io.IOException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The folders of one agent, locked against a second one. With one state_dir, two would each believe
 * that they count a volume's users. With one local_dir, each would mount a file system that the
 * other has mounted, and unmount it beneath the other's tasks. That one is locked when it is first
 * needed: agents that do not use the driver local may have it in common.
 */
final class StateFolder implements AutoCloseable {
  private final Path localDir;
  private final Path records;
  private final PrivateFile lock;
  private @Nullable PrivateFile localLock;

  private StateFolder(Settings settings, Path records, PrivateFile lock) {
    this.localDir = settings.drivers().local().folder();
    this.records = records;
    this.lock = lock;
  }

  /**
   * Makes what is missing, and takes the lock of state_dir.
   *
   * @throws InvalidParameterException if the folders cannot be used, or another agent does
   */
  static StateFolder open(Settings settings) {
    create(Parameter.STATE_DIR, settings.stateDir());
    create(Parameter.LOCAL_DIR, settings.drivers().local().folder());
    Path records = settings.stateDir().resolve("volumes");
    create(Parameter.STATE_DIR, records);
    return new StateFolder(
        settings, records, lock(Parameter.STATE_DIR, settings.stateDir(), "lock"));
  }

  private static PrivateFile lock(Parameter parameter, Path folder, String name) {
    Path file = folder.resolve(name);
    try {
      PrivateFile lock = PrivateFile.writing(file);
      try {
        if (!lock.lock()) {
          throw new InvalidParameterException(
              "the folder %s (parameter %s) is in use by another agent, process %s; give each agent its own"
                  .formatted(folder, parameter.key(), Files.readString(file).strip()));
        }
        lock.truncate(0);
        lock.write((ProcessHandle.current().pid() + "\n").getBytes(UTF_8));
        return lock;
      } catch (IOException | RuntimeException e) {
        lock.close();
        throw e;
      }
    } catch (IOException e) {
      throw new InvalidParameterException(
          "the folder %s (parameter %s) cannot be used: %s".formatted(folder, parameter.key(), e));
    }
  }

  private static void create(Parameter parameter, Path folder) {
    try {
      OwnFolder.create(folder);
      OwnFolder.closeFormer(folder);
    } catch (IOException e) {
      throw new InvalidParameterException(
          "the folder %s (parameter %s) cannot be used: %s"
              .formatted(folder, parameter.key(), reason(e)));
    }
  }

  /** A JDK exception's own message is often a path alone. */
  private static String reason(IOException e) {
    return e instanceof FileSystemException ? e.toString() : String.valueOf(e.getMessage());
  }

  Path records() {
    return records;
  }

  /** Takes the lock of local_dir, unless this agent has it; returns why it cannot be had. */
  synchronized Optional<String> refusalOfLocal() {
    if (localLock == null) {
      try {
        // No volume has a name like that.
        localLock = lock(Parameter.LOCAL_DIR, localDir, ".lock");
      } catch (InvalidParameterException e) {
        return Optional.of(String.valueOf(e.getMessage()));
      }
    }
    return Optional.empty();
  }

  /** Gives the locks back, as the end of the process does. */
  @Override
  public synchronized void close() {
    if (localLock != null) {
      localLock.close();
      localLock = null;
    }
    lock.close();
  }
}
