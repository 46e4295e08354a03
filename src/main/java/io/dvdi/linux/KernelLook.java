// SPDX-License-Identifier: Apache-2.0
package io.dvdi.linux;

import io.dvdi.lifecycle.Evidence;
import io.dvdi.lifecycle.Moment;
import io.dvdi.lifecycle.Mounts;
import io.dvdi.lifecycle.Seen;
import java.io.IOException;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * Checks what is mounted at a volume's path, and whether its file system answers. A check always
 * returns within the deadline. A file system that hangs blocks one thread, however often it is
 * checked. Thread-safe.
 */
public final class KernelLook {
  private final ExecutorService threads;
  private final Duration timeout;
  private final KernelCheck.Kernel kernel;

  /**
   * @param threads for {@link #look}, which waits for one of them; each mount that never answers
   *     keeps one
   * @param timeout after which a file system that does not answer counts as silent
   */
  public KernelLook(ExecutorService threads, Duration timeout) throws IOException {
    this(threads, timeout, UniqueMounts.arePossible());
  }

  /**
   * @param uniqueIds false: as kernels before Linux 6.8
   */
  KernelLook(ExecutorService threads, Duration timeout, boolean uniqueIds) throws IOException {
    this.threads = threads;
    this.timeout = timeout;
    long namespace = MountNamespace.own();
    KernelMounts mounts =
        uniqueIds ? new UniqueMounts(namespace, threads) : new ReusedMounts(namespace);
    this.kernel =
        new KernelCheck.Kernel(
            mounts,
            new FileSystemHealth(timeout),
            mounts.at("/").device(),
            new ConcurrentHashMap<>(),
            namespace);
  }

  /** After this time, a file system that does not answer counts as silent. */
  Duration timeout() {
    return timeout;
  }

  /**
   * Prepares a check of a path.
   *
   * @param name of the volume: what is mounted on a folder of that name, right above the path, is
   *     the volume's, whatever its age; empty if none is known
   * @param path where the volume is said to be; absent if no path is known
   * @param known the mount on record
   * @param since the moment before the oldest Mount on record was announced. If a mount contains
   *     the path but is not at the path itself, it must be known or newer than this moment to be
   *     the volume's
   * @param hostDirectoryAllowed whether the volume may be a plain directory of the host's file
   *     systems
   */
  public Mounts.Check check(
      String name,
      Optional<String> path,
      Optional<Evidence> known,
      Optional<Moment> since,
      boolean hostDirectoryAllowed) {
    return prepared(name, path, known, since, hostDirectoryAllowed);
  }

  private KernelCheck prepared(
      String name,
      Optional<String> path,
      Optional<Evidence> known,
      Optional<Moment> since,
      boolean hostDirectoryAllowed) {
    return new KernelCheck(
        kernel, new PathLook.Question(name, path.orElse(""), known, since, hostDirectoryAllowed));
  }

  /** Checks a path as {@link #check} does, on another thread, and waits for it. */
  public Seen look(
      String name,
      Optional<String> path,
      Optional<Evidence> known,
      Optional<Moment> since,
      boolean hostDirectoryAllowed) {
    KernelCheck check = prepared(name, path, known, since, hostDirectoryAllowed);
    Future<Seen> answer;
    try {
      answer = threads.submit(check::seen);
    } catch (RuntimeException | OutOfMemoryError e) {
      // That says nothing of the volume's file system.
      return check.unchecked("the agent cannot start a thread (" + e.getMessage() + ")");
    }
    try {
      return answer.get(timeout.toNanos(), TimeUnit.NANOSECONDS);
    } catch (TimeoutException e) {
      return check.overdue();
    } catch (ExecutionException e) {
      return check.unchecked(String.valueOf(e.getCause()));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return check.unchecked("the module is closing");
    }
  }
}
