// SPDX-License-Identifier: Apache-2.0
package io.dvdi.linux;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * The mount namespace of process 1, seen from another one: that of a systemd unit with a setting
 * such as PrivateTmp=, or that of a container. See mount_namespaces(7).
 */
public final class HostNamespace {
  private static final Path PROCESS = Path.of("/proc/1");
  private static final String SHARED = "shared:";
  private static final String MASTER = "master:";

  private final List<String> ownMounts;

  /** The peer groups of the host's mounts. */
  private final Set<String> hostsGroups = new HashSet<>();

  private HostNamespace() throws IOException {
    this.ownMounts = ProcFile.lines("/proc/self/mountinfo");
    for (String line : ProcFile.lines(PROCESS.resolve("mountinfo").toString())) {
      for (String field : propagation(line)) {
        if (field.startsWith(SHARED)) {
          hostsGroups.add(field);
        }
      }
    }
  }

  /** Empty if this process is in the same namespace, or if process 1 cannot be looked at. */
  public static Optional<HostNamespace> ifOther() {
    try {
      Path own = Path.of("/proc/self/ns/mnt");
      return Files.isSameFile(own, PROCESS.resolve("ns/mnt"))
          ? Optional.empty()
          : Optional.of(new HostNamespace());
    } catch (IOException e) {
      return Optional.empty();
    }
  }

  /**
   * Whether the host has this folder, at this path.
   *
   * @param folder exists
   */
  public boolean has(Path folder) {
    try {
      Path real = folder.toRealPath(); // links would be followed in this namespace
      Path hosts = PROCESS.resolve("root").resolve(real.getRoot().relativize(real));
      return Files.isSameFile(real, hosts);
    } catch (NoSuchFileException e) {
      return false;
    } catch (IOException e) {
      return true; // nothing is known to be wrong
    }
  }

  /** Whether anything that is mounted outside of this namespace appears in it. */
  public boolean sendsMounts() {
    for (String line : ownMounts) {
      for (String field : propagation(line)) {
        if (field.startsWith(MASTER) || hostsGroups.contains(field)) {
          return true;
        }
      }
    }
    return false;
  }

  /**
   * Whether the host gets what this process mounts below a folder.
   *
   * @param folder exists
   */
  public boolean getsMountsBelow(Path folder) {
    try {
      String mountId = Long.toString(MountOfFile.idAt(folder));
      for (String line : ownMounts) {
        if (line.startsWith(mountId + " ")) {
          return !Collections.disjoint(propagation(line), hostsGroups);
        }
      }
    } catch (IOException e) {
      // Nothing is known to be wrong.
    }
    return true;
  }

  /** The optional fields of a line of the mount table, see mountinfo in proc(5). */
  private static List<String> propagation(String line) {
    List<String> fields = List.of(line.split(" ", -1));
    int end = fields.indexOf("-");
    return end < 6 ? List.of() : fields.subList(6, end);
  }
}
