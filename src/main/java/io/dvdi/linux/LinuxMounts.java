// SPDX-License-Identifier: Apache-2.0
package io.dvdi.linux;

import io.dvdi.lifecycle.Evidence;
import io.dvdi.lifecycle.Moment;
import io.dvdi.lifecycle.Mounts;
import io.dvdi.lifecycle.Seen;
import io.dvdi.volume.FileSystem;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** Mounts as the kernel shows them. Thread-safe. */
public final class LinuxMounts implements Mounts {
  /** Paths whose file system has not answered yet: each costs one thread, however often asked. */
  private final ConcurrentMap<Path, Future<?>> unanswered = new ConcurrentHashMap<>();

  private final KernelLook kernel;
  private final ExecutorService threads;
  private final Duration timeout;

  /**
   * @param threads for calls that may block; one is lost for each mount that never answers
   * @param timeout after which a file system that does not answer counts as silent
   */
  public LinuxMounts(KernelLook kernel, ExecutorService threads, Duration timeout) {
    this.kernel = kernel;
    this.threads = threads;
    this.timeout = timeout;
  }

  @Override
  public Seen look(
      Optional<String> path,
      Optional<Evidence> known,
      Optional<Moment> since,
      boolean hostDirectories) {
    return kernel.look(path, known, since, hostDirectories);
  }

  @Override
  public Optional<FileSystem> fileSystem(Path path) {
    Future<?> earlier = unanswered.get(path);
    if (earlier != null && !earlier.isDone()) {
      return Optional.empty();
    }
    unanswered.remove(path);
    Future<FileSystem> answer = threads.submit(() -> LinuxFileSystem.at(path));
    try {
      return Optional.of(answer.get(timeout.toNanos(), TimeUnit.NANOSECONDS));
    } catch (ExecutionException e) {
      return Optional.empty();
    } catch (TimeoutException e) {
      unanswered.put(path, answer);
      return Optional.empty();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return Optional.empty();
    }
  }

  @Override
  public void unmount(Path path, Evidence mount) throws IOException {
    Seen seen = look(Optional.of(path.toString()), Optional.of(mount), Optional.empty(), false);
    if (!(seen.place() instanceof Seen.Mounted there) || !there.mount().isSameMount(mount)) {
      throw new IOException("the mount on record is no longer at " + path);
    }
    Path mountpoint = Path.of(mount.mountpoint());
    if (there.health() == Seen.Health.ANSWERS) {
      MountCalls.unmount(mountpoint);
    } else {
      MountCalls.detach(mountpoint); // processes that wait in it may wait for ever
    }
  }
}
