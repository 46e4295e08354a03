// SPDX-License-Identifier: Apache-2.0
package io.dvdi.linux;

import io.dvdi.lifecycle.Evidence;
import io.dvdi.lifecycle.Moment;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Executor;

/**
 * Mounts on kernels with unique mount IDs (Linux 6.8). The mount table is not read, so the cost of
 * a check does not depend on the number of mounts.
 */
final class UniqueMounts implements KernelMounts {
  /** linux/stat.h; Debian 12's headers do not have it. */
  static final int STATX_MNT_ID_UNIQUE = 0x4000;

  private final long namespace;
  private final Executor aside;

  /**
   * @param aside for what takes its time and nobody waits for
   */
  UniqueMounts(long namespace, Executor aside) {
    this.namespace = namespace;
    this.aside = aside;
  }

  /** Whether the kernel, and filters of system calls, allow queries by unique mount IDs. */
  static boolean arePossible() {
    try {
      long root = PathEntry.of("/", STATX_MNT_ID_UNIQUE).mountId();
      return root != 0 && MountQueries.facts(root, 0).isPresent() && !MountQueries.all().isEmpty();
    } catch (LinuxException e) {
      return false;
    }
  }

  @Override
  public Moment now() throws IOException {
    return Moment.at(namespace, newest());
  }

  private long newest() throws LinuxException {
    try {
      return MountQueries.newest();
    } catch (LinuxException e) {
      try {
        return newestOfAll();
      } catch (LinuxException noCopy) {
        return Collections.max(MountQueries.all());
      }
    }
  }

  /**
   * Before Linux 6.12, the highest ID cannot be queried. So this creates a detached mount for a
   * moment, which gets the next ID.
   */
  long newestOfAll() throws LinuxException {
    OpenFile copy = OpenFile.copyOfMount(Path.of("/"));
    try {
      return PathEntry.of(copy.self() + "/", STATX_MNT_ID_UNIQUE).mountId();
    } finally {
      closeAside(copy);
    }
  }

  /** The kernel lets all processors come to rest before a mount is gone: up to 10 ms. */
  private void closeAside(OpenFile copy) {
    try {
      aside.execute(copy::close);
    } catch (RuntimeException | Error e) {
      copy.close(); // no thread could be had
    }
  }

  @Override
  public PathEntry at(String path) throws IOException {
    try {
      return PathEntry.of(path, STATX_MNT_ID_UNIQUE);
    } catch (LinuxException e) {
      return PathEntry.opened(this, path, e);
    }
  }

  @Override
  public Optional<MountFacts> facts(PathEntry entry) throws IOException {
    return MountQueries.facts(entry.mountId(), namespace);
  }

  @Override
  public boolean exists(Evidence mount) throws IOException {
    if (mount.namespace() == namespace && mount.uniqueId() != 0) {
      return MountQueries.facts(mount.uniqueId(), namespace).isPresent();
    }
    return all().stream().anyMatch(facts -> facts.mount().isSameMount(mount));
  }

  @Override
  public Moment.Age ageOf(Evidence mount, Moment moment) {
    return moment.ageOf(mount);
  }

  @Override
  public List<MountFacts> all() throws IOException {
    List<MountFacts> all = new ArrayList<>();
    for (long id : MountQueries.all()) {
      MountQueries.facts(id, namespace).ifPresent(all::add);
    }
    return all;
  }
}
