// SPDX-License-Identifier: Apache-2.0
package io.dvdi.linux;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** The mount namespace of this process, see mount_namespaces(7). */
public final class MountNamespace {
  private static final Path OWN = Path.of("/proc/self/ns/mnt");

  private MountNamespace() {}

  /** Its number: the inode of its file, which no other namespace has that exists now. */
  public static long own() {
    try {
      return ((Number) Files.getAttribute(OWN, "unix:ino")).longValue();
    } catch (IOException e) {
      throw new UncheckedIOException(
          "this kernel does not show mount namespaces (/proc/self/ns/mnt)", e);
    }
  }
}
