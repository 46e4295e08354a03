// SPDX-License-Identifier: Apache-2.0
package io.dvdi.linux;

import io.dvdi.bindings.libc.libc_h;
import io.dvdi.lifecycle.Evidence;
import io.dvdi.lifecycle.Moment;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** Mounts on kernels that reuse mount IDs. Each check reads the mount table. */
final class ReusedMounts implements KernelMounts {
  private final long namespace;
  private final MountOrder order = new MountOrder();

  ReusedMounts(long namespace) {
    this.namespace = namespace;
  }

  /**
   * The kernel adds new mounts at the end of its table, so that the last one marks the moment: it
   * tells the age of mounts at paths that were not known then.
   */
  @Override
  public Moment now() throws IOException {
    List<MountFacts> all = all();
    if (all.isEmpty()) {
      throw new IOException("/proc/self/mountinfo shows no mount");
    }
    Evidence last = all.get(all.size() - 1).mount();
    return new Moment(namespace, 0, false, Optional.empty(), Optional.of(last));
  }

  @Override
  public PathEntry at(String path) throws IOException {
    PathEntry found;
    try {
      found = PathEntry.of(path, libc_h.STATX_MNT_ID());
    } catch (LinuxException e) {
      return PathEntry.opened(this, path, e);
    }
    long mountId = found.mountId() == 0 ? MountOfFile.idAt(Path.of(path)) : found.mountId();
    boolean isRoot = found.isMountRoot();
    if (!found.tellsMountRoot()) {
      Path parent = Path.of(path).getParent();
      isRoot = parent == null || MountOfFile.idAt(parent) != mountId;
    }
    return new PathEntry(mountId, found.isDirectory(), true, isRoot, found.device(), null);
  }

  @Override
  public Optional<MountFacts> facts(PathEntry entry) throws IOException {
    return all().stream().filter(facts -> facts.mount().mountId() == entry.mountId()).findFirst();
  }

  @Override
  public boolean exists(Evidence mount) throws IOException {
    return all().stream().anyMatch(facts -> facts.mount().isSameMount(mount));
  }

  @Override
  public Moment.Age ageOf(Evidence mount, Moment moment) throws IOException {
    if (moment.pathKnown() || moment.namespace() != namespace || moment.newest().isEmpty()) {
      return moment.ageOf(mount);
    }
    List<MountFacts> unused = all(); // the mount may be newer than what was read last
    return order.age(mount, moment.newest().get());
  }

  @Override
  public List<MountFacts> all() throws IOException {
    synchronized (order) {
      List<MountFacts> all =
          ProcFile.lines("/proc/self/mountinfo").stream()
              .map(line -> MountLine.parse(line, namespace))
              .flatMap(Optional::stream)
              .toList();
      order.note(all.stream().map(MountFacts::mount).toList());
      return all;
    }
  }
}
