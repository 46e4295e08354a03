// SPDX-License-Identifier: Apache-2.0
package io.dvdi.linux;

import io.dvdi.benchmarks.BuiltPrograms;
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
    // Fails unless benchmarks/run has started this JVM: the mounts of one that is killed would
    // stay.
    Path unused = BuiltPrograms.folder();
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
