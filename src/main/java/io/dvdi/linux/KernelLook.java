// SPDX-License-Identifier: Apache-2.0
package io.dvdi.linux;

import io.dvdi.lifecycle.Evidence;
import io.dvdi.lifecycle.Moment;
import io.dvdi.lifecycle.Seen;
import io.dvdi.lifecycle.Seen.Health;
import io.dvdi.lifecycle.Seen.Mounted;
import io.dvdi.lifecycle.Seen.Place;
import io.dvdi.lifecycle.Seen.Unknown;
import java.io.IOException;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Stream;

/**
 * Checks what is mounted at a volume's path, and whether its file system answers. A check always
 * returns within the deadline. A file system that hangs blocks one thread, however often it is
 * checked. Thread-safe.
 */
public final class KernelLook {
  /** A path whose lookup hangs, and the mount that it hangs in. */
  private record HangingPath(String path, Evidence mount) {}

  private final Map<HangingPath, Future<?>> hanging = new ConcurrentHashMap<>();
  private final ExecutorService threads;
  private final Duration timeout;
  private final FileSystemHealth health;
  private final KernelMounts kernel;
  private final long namespace;
  private final String rootDevice;

  /**
   * @param threads for calls that may hang; each mount that never answers keeps one of them
   * @param timeout after which a file system that does not answer counts as silent
   */
  public KernelLook(ExecutorService threads, Duration timeout) throws IOException {
    this(threads, timeout, UniqueMounts.arePossible());
  }

  /**
   * @param uniqueIds false: as kernels before Linux 6.8
   */
  KernelLook(ExecutorService threads, Duration timeout, boolean uniqueIds) throws IOException {
    Errno.load();
    this.threads = threads;
    this.timeout = timeout;
    this.health = new FileSystemHealth(timeout);
    this.namespace = MountNamespace.own();
    this.kernel = uniqueIds ? new UniqueMounts(namespace, threads) : new ReusedMounts(namespace);
    this.rootDevice = kernel.at("/").device();
  }

  /**
   * Checks a path.
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
  public Seen look(
      String name,
      Optional<String> path,
      Optional<Evidence> known,
      Optional<Moment> since,
      boolean hostDirectoryAllowed) {
    Moment moment;
    try {
      moment = kernel.now();
    } catch (IOException e) {
      Moment never = new Moment(namespace, 0, false, Optional.empty());
      String why = "the mounts of this host cannot be read: " + e.getMessage();
      return new Seen(never, new Unknown(why), false, Optional.empty(), false);
    }
    if (path.isEmpty() || !isPossible(path.get())) {
      return new Seen(moment, new Unknown(), false, Optional.empty(), false);
    }
    PathLook look =
        new PathLook(
            kernel,
            health,
            rootDevice,
            new PathLook.Question(name, path.get(), known, since, hostDirectoryAllowed));
    Place place = place(look, path.get());
    boolean isKnown =
        place instanceof Mounted there
            && known.isPresent()
            && known.get().isSameMount(there.mount());
    boolean covered =
        known.isPresent() && !isKnown && !(place instanceof Unknown) && exists(known.get());
    return new Seen(at(moment, look), place, covered, Optional.empty(), false);
  }

  /** A relative path, or one that climbs, means another place to each who reads it. */
  private static boolean isPossible(String path) {
    if (path.equals("/")) {
      return true;
    }
    return path.startsWith("/")
        && path.indexOf('\0') < 0
        && Stream.of(path.substring(1).split("/", -1))
            .noneMatch(name -> Set.of("", ".", "..").contains(name));
  }

  /** Where IDs are used again, what is at the path is what a later mount is told from. */
  private static Moment at(Moment moment, PathLook look) {
    return moment.newestId() != 0 || look.found().isEmpty()
        ? moment
        : new Moment(moment.namespace(), 0, true, look.found().map(MountFacts::mount));
  }

  private boolean exists(Evidence mount) {
    try {
      return kernel.exists(mount);
    } catch (IOException e) {
      return true; // nothing is done to what cannot be seen
    }
  }

  private Place place(PathLook look, String path) {
    if (!hanging.isEmpty()) {
      hanging.values().removeIf(Future::isDone);
      Optional<MountFacts> there = containing(path);
      if (there.isPresent() && hanging.containsKey(new HangingPath(path, there.get().mount()))) {
        return silent(there.get());
      }
    }
    Future<Place> answer;
    try {
      answer = threads.submit(look::place);
    } catch (RuntimeException | OutOfMemoryError e) {
      // That says nothing of the volume's file system.
      return new Unknown("the agent cannot start a thread (" + e.getMessage() + ")");
    }
    try {
      return answer.get(timeout.toNanos(), TimeUnit.NANOSECONDS);
    } catch (TimeoutException e) {
      Optional<MountFacts> there = look.found();
      if (there.isEmpty()) {
        there = containing(path);
        there.ifPresent(facts -> hanging.put(new HangingPath(path, facts.mount()), answer));
      }
      return there.isPresent()
          ? silent(there.get())
          : new Unknown("no answer came in time, and the mount table cannot be read");
    } catch (ExecutionException e) {
      return new Unknown(String.valueOf(e.getCause()));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return new Unknown("the module is closing");
    }
  }

  private static Place silent(MountFacts there) {
    return new Mounted(
        there.mount(), Health.SILENT, there.readOnly(), Optional.empty(), Optional.empty());
  }

  /**
   * By the table, which needs no file system's answer, and the path's text. The newest mount at the
   * path or above it covers the others.
   */
  private Optional<MountFacts> containing(String path) {
    try {
      return kernel.all().stream()
          .filter(facts -> contains(facts.mount().mountpoint(), path))
          .reduce((older, newer) -> newer);
    } catch (IOException e) {
      return Optional.empty();
    }
  }

  private static boolean contains(String folder, String path) {
    return folder.equals("/") || path.equals(folder) || path.startsWith(folder + "/");
  }
}
