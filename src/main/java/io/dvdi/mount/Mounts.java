// SPDX-License-Identifier: Apache-2.0
package io.dvdi.mount;

import java.io.IOException;
import java.nio.file.Path;

/**
 * The port to the kernel's view of mounts. Calls may block for as long as a dead file server likes.
 */
public interface Mounts {
  /** A moment, for telling mounts that are made after it from those that were there. */
  @FunctionalInterface
  interface Mark {
    /** Whether the mount was made after the moment. */
    boolean isOlderThan(MountIdentity mount);
  }

  /** Marks this moment. */
  Mark mark() throws IOException;

  /**
   * The mount that contains a path; the path's last component is not followed when it is a symbolic
   * link.
   *
   * @throws java.nio.file.NoSuchFileException if there is no such path
   * @throws IOException if the kernel does not say, for example since the file system is dead
   */
  MountIdentity containing(Path path) throws IOException;

  /**
   * Whether a path is a directory, and no symbolic link to one.
   *
   * @throws java.nio.file.NoSuchFileException if there is no such path
   */
  boolean isDirectory(Path path) throws IOException;

  /**
   * Whether a mount is still there, at whatever path, and also below another one.
   *
   * @throws IOException if the kernel does not say
   */
  boolean exists(MountIdentity mount) throws IOException;

  /** The file system at a path. */
  FileSystem fileSystem(Path path) throws IOException;

  /**
   * Unmounts what is uppermost at a path. For mounts whose driver cannot do it any more.
   *
   * @throws IOException if it is still mounted
   */
  void unmount(Path path) throws IOException;
}
