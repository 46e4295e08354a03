// SPDX-License-Identifier: Apache-2.0
package io.dvdi.isolator;

import static org.junit.jupiter.api.Assertions.assertFalse;

import io.dvdi.lifecycle.Evidence;
import io.dvdi.lifecycle.Moment;
import io.dvdi.lifecycle.Mounts;
import io.dvdi.lifecycle.Seen;
import io.dvdi.volume.FileSystem;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;

/** Mounts of this host, whose file systems take as long to say how full they are as a test says. */
final class SlowUsage implements Mounts {
  private final Mounts mounts;

  /** Counted down once a file system is asked. */
  final CountDownLatch asked = new CountDownLatch(1);

  final CountDownLatch answers = new CountDownLatch(1);

  SlowUsage(Mounts mounts) {
    this.mounts = mounts;
  }

  @Override
  public Optional<FileSystem> fileSystem(Path path, Evidence mount) {
    try (DirectoryStream<Path> busy = Files.newDirectoryStream(path)) {
      asked.countDown();
      answers.await();
      assertFalse(busy.iterator().hasNext());
      return mounts.fileSystem(path, mount);
    } catch (IOException | InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  @Override
  public Duration timeout() {
    return mounts.timeout();
  }

  @Override
  public Check check(
      String name,
      Optional<String> path,
      Optional<Evidence> known,
      Optional<Moment> since,
      boolean hostDirectories) {
    return mounts.check(name, path, known, since, hostDirectories);
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
  public void unmount(Path path, Evidence mount) throws IOException {
    mounts.unmount(path, mount);
  }
}
