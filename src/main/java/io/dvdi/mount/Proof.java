// SPDX-License-Identifier: Apache-2.0
package io.dvdi.mount;

import io.dvdi.driver.Mountpoint;
import io.dvdi.volume.Text;
import java.io.IOException;
import java.nio.file.NoSuchFileException;
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

/** Looks whether a volume is really mounted, and says it in words when it is not. Thread-safe. */
public final class Proof {
  /**
   * What was proved.
   *
   * @param identity of the volume's mount; absent for a plain directory of the host, which is no
   *     mount
   * @param fileSystem as the task will see it
   */
  public record Proven(Optional<MountIdentity> identity, FileSystem fileSystem) {}

  /** What is at a mountpoint that was proved earlier. */
  public enum Now {
    /** The same mount, and it answers. */
    INTACT,
    /** The mount is gone; something else, or nothing, is there. */
    GONE,
    /** The mount is there, but its file system does not answer: a dead server or FUSE process. */
    DEAD
  }

  private static final Path ROOT = Path.of("/");

  private final ConcurrentMap<Path, Future<?>> unanswered = new ConcurrentHashMap<>();
  private final Mounts mounts;
  private final ExecutorService threads;
  private final Duration timeout;

  /**
   * @param threads for calls that may block; one is lost for each path that never answers
   * @param timeout after which a file system that does not answer counts as dead
   */
  public Proof(Mounts mounts, ExecutorService threads, Duration timeout) {
    this.mounts = mounts;
    this.threads = threads;
    this.timeout = timeout;
  }

  /** Marks the moment before a mount. */
  public Mounts.Mark mark() throws ProofException {
    try {
      return mounts.mark();
    } catch (IOException e) {
      throw new ProofException(
          "the kernel does not tell which mounts there are: " + e.getMessage(), e);
    }
  }

  /**
   * Proves a mount that a driver reported.
   *
   * @param mark from before the driver was called
   * @param plainDirectories the operator says that this driver hands out directories of the host
   * @param writable the task must be able to write
   */
  public Proven prove(
      Mountpoint mountpoint, Mounts.Mark mark, boolean plainDirectories, boolean writable)
      throws ProofException {
    Path path = mountpoint.path();
    if (!path.isAbsolute() || !path.equals(path.normalize())) {
      throw new ProofException(
          "the driver gave the mountpoint %s, which is no absolute path without '..'; the driver is at fault"
              .formatted(Text.quote(path.toString())));
    }
    Sight seen;
    try {
      seen = bounded(path, this::look);
    } catch (NoSuchFileException e) {
      throw new ProofException(
          "the driver says that it is mounted at %s, but there is no such path; does the driver run in another mount namespace?"
              .formatted(path),
          e);
    } catch (IOException e) {
      throw new ProofException(
          "the driver says that it is mounted at %s, but its file system does not answer: %s"
              .formatted(path, e.getMessage()),
          e);
    }
    if (!seen.directory) {
      throw new ProofException(
          "the driver says that it is mounted at %s, but that is no directory; a symbolic link is not followed, as whoever can write to the volume may have made it and chosen where it leads; have the driver give the path of the mount itself"
              .formatted(path));
    }
    MountIdentity identity = seen.identity;
    FileSystem fileSystem = seen.fileSystem;
    // A volume that somebody else has mounted already is one, if its path is the mountpoint itself.
    boolean newMount =
        mark.isOlderThan(identity)
            || (identity.mountId() != seen.root.mountId()
                && identity.mountId() != seen.parent.mountId());
    boolean hostDisk = !newMount || identity.device().equals(seen.root.device());
    if (hostDisk && !plainDirectories && !mountpoint.hostDirectory()) {
      throw new ProofException(
          ("the driver says that it is mounted at %s, but that is a plain directory of the host's"
               + " file system (%s), which the task would fill; if this driver hands out plain"
               + " directories on purpose, the operator adds it to the parameter plain_directories")
              .formatted(
                  path,
                  newMount ? "a bind of device " + identity.device() : "nothing is mounted there"));
    }
    if (writable && fileSystem.readOnly() && !mountpoint.readOnly()) {
      throw new ProofException(
          "it is mounted read-only at %s, but the task asks for a volume that it can write; ask for mode RO, or see why the driver mounts it so"
              .formatted(path));
    }
    return new Proven(newMount ? Optional.of(identity) : Optional.empty(), fileSystem);
  }

  /** What there is to see at a path, all of it in one look: each costs a change of threads. */
  private record Sight(
      boolean directory,
      MountIdentity identity,
      MountIdentity parent,
      MountIdentity root,
      FileSystem fileSystem) {}

  private Sight look(Path path) throws IOException {
    Path parent = path.getParent();
    return new Sight(
        mounts.isDirectory(path),
        mounts.containing(path),
        mounts.containing(parent == null ? path : parent),
        mounts.containing(ROOT),
        mounts.fileSystem(path));
  }

  /** What has become of a mount that was proved. */
  public Now now(Path path, MountIdentity proved) {
    try {
      return bounded(
          path,
          at -> {
            if (!mounts.containing(at).equals(proved)) {
              return Now.GONE;
            }
            mounts.fileSystem(at);
            return Now.INTACT;
          });
    } catch (NoSuchFileException e) {
      return Now.GONE;
    } catch (IOException e) {
      return Now.DEAD;
    }
  }

  /** The file system at a path, if it answers. */
  public Optional<FileSystem> fileSystem(Path path) {
    try {
      return Optional.of(bounded(path, mounts::fileSystem));
    } catch (IOException e) {
      return Optional.empty();
    }
  }

  /** Whether the file system at a path refuses writes; one that does not answer is not said to. */
  public boolean isReadOnly(Path path) {
    return fileSystem(path).map(FileSystem::readOnly).orElse(false);
  }

  /** Whether the very mount that was proved is there, while its file system does not answer. */
  public boolean isDead(Path path, MountIdentity proved) {
    try {
      return bounded(path, mounts::containing).equals(proved) && now(path, proved) == Now.DEAD;
    } catch (IOException e) {
      return false; // then it is not known whether it is that mount
    }
  }

  /** Whether a path is a mountpoint: it lies on another mount than its parent. */
  public boolean isMountpoint(Path path) {
    Path parent = path.getParent();
    try {
      return parent != null
          && bounded(
              path, at -> mounts.containing(at).mountId() != mounts.containing(parent).mountId());
    } catch (NoSuchFileException e) {
      return false;
    } catch (IOException e) {
      // Only a mount can be dead in this way.
      return true;
    }
  }

  /** A look at a path. */
  @FunctionalInterface
  private interface Look<T> {
    T at(Path path) throws IOException;
  }

  private <T> T bounded(Path path, Look<T> look) throws IOException {
    Future<?> earlier = unanswered.get(path);
    if (earlier != null && !earlier.isDone()) {
      // Each look at a dead file system costs a thread for good, so that one at a time has to do.
      throw new IOException("an earlier look at it has not been answered yet");
    }
    unanswered.remove(path);
    Future<T> answer = threads.submit(() -> look.at(path));
    try {
      return answer.get(timeout.toNanos(), TimeUnit.NANOSECONDS);
    } catch (ExecutionException e) {
      if (e.getCause() instanceof IOException io) {
        throw io;
      }
      throw new IllegalStateException(e.getCause());
    } catch (TimeoutException e) {
      unanswered.put(path, answer);
      throw new IOException("no answer within " + timeout.toMillis() + " ms", e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("the module is closing", e);
    }
  }
}
