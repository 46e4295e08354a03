// SPDX-License-Identifier: Apache-2.0
package io.dvdi.isolator;

import static java.util.Objects.requireNonNull;

import io.dvdi.lifecycle.Evidence;
import io.dvdi.lifecycle.Moment;
import io.dvdi.lifecycle.Mounts;
import io.dvdi.lifecycle.Seen;
import io.dvdi.testing.MountsBelow;
import io.dvdi.volume.FileSystem;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;

/** Mounts of this host, whose file systems hang for as long as a test says. */
final class HangingMounts implements Mounts {
  private final Mounts mounts;

  /** Whether a check of a path hangs if something is mounted there. */
  volatile boolean hangs;

  /** Counted down when hanging file systems answer again. */
  final CountDownLatch answers = new CountDownLatch(1);

  /** Counted down when a check that hung has its answer. */
  final CountDownLatch late = new CountDownLatch(1);

  HangingMounts(Mounts mounts) {
    this.mounts = mounts;
  }

  @Override
  public Duration timeout() {
    return hangs ? Duration.ofMillis(50) : mounts.timeout();
  }

  @Override
  public Check check(
      String name,
      Optional<String> path,
      Optional<Evidence> known,
      Optional<Moment> since,
      boolean hostDirectories) {
    Check check = mounts.check(name, path, known, since, hostDirectories);
    if (!hangs || path.filter(HangingMounts::isMounted).isEmpty()) {
      return check;
    }
    return new Check() {
      @Override
      public Seen seen() {
        try {
          answers.await();
          return check.seen();
        } catch (InterruptedException e) {
          throw new AssertionError(e);
        } finally {
          late.countDown();
        }
      }

      @Override
      public Seen overdue() {
        return check.overdue();
      }
    };
  }

  private static boolean isMounted(String path) {
    Path folder = Path.of(path);
    return new MountsBelow(requireNonNull(folder.getParent())).mountpoints().contains(folder);
  }

  @Override
  public Seen look(
      String name,
      Optional<String> path,
      Optional<Evidence> known,
      Optional<Moment> since,
      boolean hostDirectories) {
    return mounts.look(name, path, known, since, hostDirectories);
  }

  @Override
  public Optional<FileSystem> fileSystem(Path path, Evidence mount) {
    return mounts.fileSystem(path, mount);
  }

  @Override
  public void unmount(Path path, Evidence mount) throws IOException {
    mounts.unmount(path, mount);
  }
}
