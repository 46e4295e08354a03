// SPDX-License-Identifier: Apache-2.0
package io.dvdi.linux;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * A temporary folder with a tmpfs on it, so that no disk is measured. Needs root, and the mount
 * namespace that {@code benchmarks/run} makes.
 */
public final class TmpfsFolder implements AutoCloseable {
  private final Path path;

  /** Makes the folder, and mounts the tmpfs. */
  public TmpfsFolder() throws IOException {
    // A benchmark that is killed would leave its mounts on the host.
    if (Files.readSymbolicLink(Path.of("/proc/self/ns/mnt"))
        .equals(Files.readSymbolicLink(Path.of("/proc/1/ns/mnt")))) {
      throw new IOException(
          "this is the host's mount namespace; start the benchmarks with benchmarks/run");
    }
    this.path = Files.createTempDirectory("dvdi-").toRealPath();
    try {
      MountCalls.mount("benchmark", path, "tmpfs", 0, "mode=0700");
    } catch (LinuxException e) {
      Files.delete(path);
      throw e;
    }
  }

  /** The folder. */
  public Path path() {
    return path;
  }

  /** A new folder in it. */
  public Path newFolder(String name) throws IOException {
    return Files.createDirectory(path.resolve(name));
  }

  /** Takes all that is mounted on and below the folder off, and removes the folder. */
  @Override
  public void close() throws IOException {
    MountCalls.detach(path);
    Files.delete(path);
  }
}
