// SPDX-License-Identifier: Apache-2.0
package io.dvdi.linux;

import io.dvdi.lifecycle.Evidence;
import io.dvdi.lifecycle.Moment;
import io.dvdi.lifecycle.Mounts;
import io.dvdi.lifecycle.Seen;
import io.dvdi.lifecycle.Seen.Health;
import io.dvdi.lifecycle.Seen.Mounted;
import io.dvdi.lifecycle.Seen.Place;
import io.dvdi.lifecycle.Seen.Unknown;
import java.io.IOException;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** One check of {@link KernelLook}. */
final class KernelCheck implements Mounts.Check {
  /** A path whose lookup hangs, and the mount that it hangs in. */
  record HangingPath(String path, Evidence mount) {}

  /**
   * What all checks share.
   *
   * @param hanging paths whose lookup hangs, each with the check that hangs
   */
  record Kernel(
      KernelMounts mounts,
      FileSystemHealth health,
      String rootDevice,
      Map<HangingPath, KernelCheck> hanging,
      long namespace) {}

  private final Kernel kernel;
  private final PathLook.Question question;
  private final PathLook look;

  /** Before the check; null until it began. */
  private volatile @Nullable Moment began;

  // Guarded by this object.
  private boolean isOver;
  private @Nullable HangingPath hangs;

  /**
   * @param question its path is empty if none is known
   */
  KernelCheck(Kernel kernel, PathLook.Question question) {
    this.kernel = kernel;
    this.question = question;
    this.look = new PathLook(kernel.mounts, kernel.health, kernel.rootDevice, question);
  }

  @Override
  public Seen seen() {
    try {
      return answer(() -> hung().map(KernelCheck::silent).orElseGet(this::place));
    } finally {
      end();
    }
  }

  /** Absent unless another check of this path hangs. */
  private Optional<MountFacts> hung() {
    return kernel.hanging.isEmpty()
        ? Optional.empty()
        : containing()
            .filter(
                there ->
                    kernel.hanging.containsKey(new HangingPath(question.path(), there.mount())));
  }

  private Place place() {
    try {
      return look.place();
    } catch (IOException | RuntimeException e) {
      return new Unknown(e.toString());
    }
  }

  @Override
  public Seen overdue() {
    return answer(
        () -> {
          Optional<MountFacts> there = look.found();
          if (there.isEmpty()) {
            there = containing();
            there.ifPresent(facts -> note(new HangingPath(question.path(), facts.mount())));
          }
          return there
              .<Place>map(KernelCheck::silent)
              .orElseGet(
                  () -> new Unknown("no answer came in time, and the mount table cannot be read"));
        });
  }

  /** What is known of a path that could not be checked. */
  Seen unchecked(String why) {
    return answer(() -> new Unknown(why));
  }

  private Seen answer(Supplier<Place> placed) {
    Moment moment;
    try {
      moment = began();
    } catch (IOException e) {
      return new Seen(
          Moment.at(kernel.namespace, 0),
          new Unknown("the mounts of this host cannot be read: " + e.getMessage()),
          false,
          Optional.empty(),
          false);
    }
    if (!isPossible(question.path())) {
      return new Seen(moment, new Unknown(), false, Optional.empty(), false);
    }
    Place place = placed.get();
    Optional<Evidence> known = question.known();
    boolean isKnown =
        place instanceof Mounted there
            && known.isPresent()
            && known.get().isSameMount(there.mount());
    boolean covered =
        known.isPresent() && !isKnown && !(place instanceof Unknown) && exists(known.get());
    return new Seen(at(moment), place, covered, Optional.empty(), false);
  }

  private Moment began() throws IOException {
    Moment moment = began;
    if (moment == null) {
      moment = kernel.mounts.now();
      began = moment;
    }
    return moment;
  }

  /** Where IDs are used again, what is at the path is what a later mount is told from. */
  private Moment at(Moment moment) {
    return moment.newestId() != 0 || look.found().isEmpty()
        ? moment
        : moment.withPath(look.found().map(MountFacts::mount));
  }

  /** A relative path, or one that climbs, means another place to each who reads it. */
  private static boolean isPossible(String path) {
    if (!path.startsWith("/") || path.indexOf('\0') >= 0) {
      return false;
    }
    if (path.equals("/")) {
      return true;
    }
    for (String name : path.substring(1).split("/", -1)) {
      if (name.isEmpty() || name.equals(".") || name.equals("..")) {
        return false;
      }
    }
    return true;
  }

  private boolean exists(Evidence mount) {
    try {
      return kernel.mounts.exists(mount);
    } catch (IOException e) {
      return true; // nothing is done to what cannot be seen
    }
  }

  private static Place silent(MountFacts there) {
    return new Mounted(
        there.mount(), Health.SILENT, there.readOnly(), Optional.empty(), Optional.empty());
  }

  /** The next checks of this path do not wait, until this one is over. */
  private synchronized void note(HangingPath path) {
    if (!isOver) {
      kernel.hanging.put(path, this);
      hangs = path;
    }
  }

  private synchronized void end() {
    isOver = true;
    if (hangs != null) {
      kernel.hanging.remove(hangs, this);
    }
  }

  /**
   * By the table, which needs no file system's answer, and the path's text. The newest mount at the
   * path or above it covers the others.
   */
  private Optional<MountFacts> containing() {
    try {
      return kernel.mounts.all().stream()
          .filter(facts -> contains(facts.mount().mountpoint(), question.path()))
          .reduce((older, newer) -> newer);
    } catch (IOException e) {
      return Optional.empty();
    }
  }

  private static boolean contains(String folder, String path) {
    return folder.equals("/") || path.equals(folder) || path.startsWith(folder + "/");
  }
}
