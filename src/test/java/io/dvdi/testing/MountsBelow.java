// SPDX-License-Identifier: Apache-2.0
package io.dvdi.testing;

import io.dvdi.linux.LinuxException;
import io.dvdi.linux.MountCalls;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/** The mounts below a folder in this JVM's mount namespace. The folder itself is no mountpoint. */
public record MountsBelow(Path folder) {
  /** The mountpoints, in the order in which they were mounted. */
  public List<Path> mountpoints() {
    try {
      return MountTable.under(folder).stream().map(MountTable.Line::at).toList();
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  /** Unmounts them, for tests that failed before their volumes were unmounted. */
  public void unmountAll() {
    for (Path mountpoint : mountpoints().reversed()) {
      try {
        MountCalls.unmount(mountpoint);
      } catch (LinuxException e) {
        throw new AssertionError(e);
      }
    }
  }
}
