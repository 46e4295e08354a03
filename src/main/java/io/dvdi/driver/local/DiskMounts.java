// SPDX-License-Identifier: Apache-2.0
package io.dvdi.driver.local;

import io.dvdi.driver.Deadline;
import io.dvdi.driver.DriverException;
import io.dvdi.driver.DriverWords;
import io.dvdi.driver.Program;
import io.dvdi.linux.LinuxException;
import io.dvdi.linux.MountCalls;
import io.dvdi.linux.PrivateFile;
import io.dvdi.volume.Options;
import io.dvdi.volume.VolumeId;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Mounts and unmounts file systems on block devices, in a process of their own. Both write to the
 * disk. If it does not answer, or is frozen, the kernel waits, and no signal ends the waiting
 * thread. In the agent's process, such a thread would keep the agent's locks and ports from the
 * next agent, even after kill -9.
 *
 * <p>The process holds a lock of its volume until it ends. A later agent looks at the lock. So it
 * knows whether the process still runs, and needs no record, which could be out of date. The
 * process has none of the agent's descriptors, since {@link Program} passes on none.
 */
final class DiskMounts {
  /** The exit status of flock(1) when another process has the lock. */
  private static final int CONFLICT = 75;

  private final Path locks;

  /**
   * @param locks a folder, made when it is needed, for one file for each volume
   */
  DiskMounts(Path locks) {
    this.locks = locks;
  }

  /** Why the volume can neither be mounted nor unmounted now: an earlier process is not done. */
  Optional<String> obstacle(VolumeId id) throws IOException {
    Path lock = locks.resolve(VolumeFolder.nameOf(id));
    if (!Files.exists(lock)) {
      return Optional.empty();
    }
    try (PrivateFile file = PrivateFile.reading(lock)) {
      return file.lock() ? Optional.empty() : Optional.of(busy(lock));
    }
  }

  private static String busy(Path lock) {
    return "an earlier mount or umount of it has not ended, because its disk does not answer or is frozen (`fuser -v %s` shows the process); it ends when the disk answers again (`fsfreeze --unfreeze` thaws a file system)"
        .formatted(lock);
  }

  /**
   * Mounts a file system.
   *
   * @param source a path that stays what it is while the program runs
   * @param options in the format of mount(8), not secret
   */
  void mount(VolumeId id, Path source, Path mountpoint, String type, String options)
      throws IOException, DriverException {
    run(
        id,
        source.toString(),
        List.of(
            "mount",
            "--no-mtab",
            "--internal-only",
            "--no-canonicalize",
            "--types",
            type,
            "--options",
            options,
            source.toString(),
            mountpoint.toString()));
  }

  /**
   * Unmounts what is uppermost at a path.
   *
   * @throws LinuxException EBUSY if something uses it; EINVAL or ENOENT if nothing is mounted there
   */
  void unmount(VolumeId id, Path mountpoint) throws IOException, DriverException {
    Optional<String> obstacle = obstacle(id);
    if (obstacle.isPresent()) {
      throw DriverException.failed(obstacle.get());
    }
    MountCalls.checkUnused(mountpoint);
    run(
        id,
        "",
        List.of(
            "umount", "--no-mtab", "--internal-only", "--no-canonicalize", mountpoint.toString()));
  }

  /**
   * @param source which messages do not show: it comes from an option
   */
  private void run(VolumeId id, String source, List<String> program)
      throws IOException, DriverException {
    Files.createDirectories(
        locks, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
    Path lock = locks.resolve(VolumeFolder.nameOf(id));
    List<String> command =
        new ArrayList<>(
            List.of(
                "flock",
                "--nonblock",
                "--no-fork",
                "--conflict-exit-code=" + CONFLICT,
                lock.toString()));
    command.addAll(program);
    Program.Ended ended = Program.run(command, Deadline.never());
    if (ended.status() == CONFLICT) {
      throw DriverException.failed(busy(lock));
    }
    if (ended.status() != 0) {
      throw DriverException.failed(
          "%s failed with status %d: %s"
              .formatted(
                  program.get(0),
                  ended.status(),
                  DriverWords.end(
                      source.isEmpty()
                          ? ended.error()
                          : ended.error().replace(source, "the device"),
                      ended.errorWhole(),
                      Options.NONE)));
    }
  }
}
