// SPDX-License-Identifier: Apache-2.0
package io.dvdi.linux;

import io.dvdi.lifecycle.Evidence;
import io.dvdi.lifecycle.Moment;
import io.dvdi.lifecycle.Moment.Age;
import io.dvdi.lifecycle.Seen.Health;
import io.dvdi.lifecycle.Seen.Mounted;
import io.dvdi.lifecycle.Seen.NotMounted;
import io.dvdi.lifecycle.Seen.Place;
import java.io.IOException;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** One look at a path, by a thread that may hang in it. */
final class PathLook {
  /** File systems that show the kernel, and are no place for a task's data. */
  private static final Set<String> KERNELS_OWN =
      Set.of(
          ("proc sysfs devtmpfs devpts cgroup cgroup2 cpuset securityfs selinuxfs smackfs"
                  + " apparmorfs debugfs tracefs configfs bpf efivarfs pstore mqueue binfmt_misc"
                  + " fusectl rpc_pipefs nfsd nsfs resctrl binder functionfs")
              .split(" ", -1));

  /** A mount that goes between two questions is looked at again. */
  private static final int TRIES = 3;

  /**
   * What is known of the volume.
   *
   * @param name the volume's; empty if none is known
   * @param path where to look
   * @param known the mount on record
   * @param since the moment before the mount was announced
   * @param hostDirectoryAllowed it may be a directory of the host's own file systems
   */
  record Question(
      String name,
      String path,
      Optional<Evidence> known,
      Optional<Moment> since,
      boolean hostDirectoryAllowed) {

    boolean isKnown(Evidence mount) {
      return known.isPresent() && known.get().isSameMount(mount);
    }

    /**
     * Whether the path is a folder of a mount that is named like the volume. A second disk, on
     * which the path is a plain directory, has another name.
     */
    boolean isNamed(Evidence mount) {
      String above = mount.mountpoint();
      return !name.isEmpty() && above.endsWith("/" + name) && above.equals(parent(path));
    }
  }

  /** What lies at the path, or nearest above it when nothing does. */
  private record Nearest(
      String path, PathEntry entry, boolean isMissing, @Nullable String problem) {}

  private final KernelMounts kernel;
  private final FileSystemHealth health;
  private final String rootDevice;
  private final Question question;

  /** Set as soon as it is known, for the one who waits. */
  private volatile @Nullable MountFacts found;

  PathLook(KernelMounts kernel, FileSystemHealth health, String rootDevice, Question question) {
    this.kernel = kernel;
    this.health = health;
    this.rootDevice = rootDevice;
    this.question = question;
  }

  /** The mount that contains the path; absent until the kernel has told. */
  Optional<MountFacts> found() {
    return Optional.ofNullable(found);
  }

  /** Looks. Blocks for as long as a file system does. */
  Place place() throws IOException {
    for (int i = 0; i < TRIES; i++) {
      Nearest nearest = nearest();
      Optional<MountFacts> facts = kernel.facts(nearest.entry());
      if (facts.isPresent()) {
        found = facts.get();
        return place(nearest, facts.get());
      }
    }
    throw new IOException(
        "the mount at %s kept changing while it was checked".formatted(question.path()));
  }

  private Nearest nearest() throws IOException {
    String path = question.path();
    try {
      PathEntry entry = kernel.at(path);
      if (entry.failure() != null) {
        return new Nearest(path, entry, false, cannotLook(entry.failure()));
      }
      return entry.isDirectory()
          ? new Nearest(path, entry, false, null)
          : new Nearest(
              parent(path),
              entry,
              false,
              ("its driver says that it is mounted at %s, but that is not a directory; symbolic"
                   + " links are not followed, because a task may have created them; configure the"
                   + " driver to report the path of the mount itself")
                  .formatted(path));
    } catch (LinuxException e) {
      return e.isMissing()
          ? above(
              true,
              "its driver says that it is mounted at %s, but there is no such path; does the driver run in another mount namespace?"
                  .formatted(path))
          : above(false, cannotLook(e));
    }
  }

  private String cannotLook(LinuxException failure) {
    return "its driver says that it is mounted at %s, but that path cannot be checked: %s"
        .formatted(question.path(), failure.getMessage());
  }

  private Nearest above(boolean isMissing, String problem) throws IOException {
    String above = question.path();
    LinuxException last = null;
    while (!above.equals("/")) {
      above = parent(above);
      try {
        return new Nearest(above, kernel.at(above), isMissing, problem);
      } catch (LinuxException e) {
        last = e;
      }
    }
    throw new IOException("not even / can be checked", last);
  }

  private static String parent(String path) {
    return path.substring(0, Math.max(1, path.lastIndexOf('/')));
  }

  private Place place(Nearest nearest, MountFacts facts) throws IOException {
    Evidence mount = facts.mount();
    boolean isAtPath = nearest.entry().isMountRoot() && nearest.path().equals(question.path());
    boolean isHosts = mount.mountpoint().equals("/");
    boolean isKnown = question.isKnown(mount) || question.isNamed(mount);
    Age age = isHosts || isKnown ? Age.OLDER : age(mount);
    boolean mayBeVolumes = age == Age.UNKNOWN && mayBeVolumes(mount);
    boolean isVolumes = !isHosts && (isAtPath || isKnown || age == Age.NEWER || mayBeVolumes);
    boolean isWholeHost = isHosts && question.path().equals("/");
    if (!isVolumes && !isWholeHost && nearest.isMissing()) {
      return new NotMounted(false);
    }
    if (!isVolumes && !isWholeHost && nearest.problem() == null) {
      return new NotMounted(
          !KERNELS_OWN.contains(facts.type())
              && (!question.hostDirectoryAllowed()
                  || health.ask(mount, nearest.path()).health() == Health.ANSWERS));
    }
    // What is a link or cannot be looked at may lead to a mount: it does not count as none.
    LinuxException failure = nearest.entry().failure();
    boolean isDead =
        failure != null && nearest.entry().isMountRoot() && FileSystemHealth.isDead(failure);
    FileSystemHealth.Answer answer =
        isDead ? FileSystemHealth.Answer.DEAD : health.ask(mount, nearest.path());
    return new Mounted(
        mount,
        answer.health(),
        facts.readOnly(),
        answer.fileSystem(),
        Optional.ofNullable(refusal(nearest, facts))
            .or(() -> isKnown ? Optional.empty() : refusalByAge(mount, isAtPath, age)));
  }

  private Age age(Evidence mount) throws IOException {
    return question.since().isPresent() ? kernel.ageOf(mount, question.since().get()) : Age.OLDER;
  }

  /**
   * Whether a mount of unknown age that contains the path may be the volume's. A mount above the
   * one on record was there before it.
   */
  private boolean mayBeVolumes(Evidence mount) {
    return !question.hostDirectoryAllowed() && question.known().filter(mount::isAbove).isEmpty();
  }

  private @Nullable String refusal(Nearest nearest, MountFacts facts) {
    String path = question.path();
    if (nearest.problem() != null) {
      return nearest.problem();
    }
    if (KERNELS_OWN.contains(facts.type())) {
      return "its driver says that it is mounted at %s, but that is the kernel's own file system %s; see the driver's own log"
          .formatted(path, facts.type());
    }
    if (path.equals("/")) {
      return "its driver says that it is mounted at /, which is the root directory of the host; see"
          + " the driver's own log";
    }
    if (nearest.entry().device().equals(rootDevice) && !question.hostDirectoryAllowed()) {
      return ("its driver says that it is mounted at %s, but that is a plain directory of the"
              + " host's file system (a bind of device %s), which the task would fill; if this"
              + " driver hands out plain directories on purpose, the operator adds it to the"
              + " parameter plain_directories")
          .formatted(path, facts.mount().device());
    }
    return null;
  }

  /** Refusals that only a look can decide: evidence without a unique ID does not show its age. */
  private Optional<String> refusalByAge(Evidence mount, boolean isAtPath, Age age) {
    if (isAtPath && age == Age.OLDER && isNamedLater()) {
      return Optional.of(
          "its driver says that it is mounted at %s, but what is mounted there was there before"
              .formatted(question.path()));
    }
    return isAtPath || age != Age.UNKNOWN
        ? Optional.empty()
        : Optional.of(
            "its driver says that it is mounted at %s, but it is not known whether the mount at %s was there before; if it is the volume's, unmount it"
                .formatted(question.path(), mount.mountpoint()));
  }

  /** Whether the driver has named the path only since the moment, on a kernel that reuses IDs. */
  private boolean isNamedLater() {
    return question.since().filter(it -> it.newestId() == 0 && !it.pathKnown()).isPresent();
  }
}
