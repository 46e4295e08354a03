// SPDX-License-Identifier: Apache-2.0
package io.dvdi.lifecycle;

import io.dvdi.volume.FileSystem;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;

/**
 * The port to the kernel's view of mounts. Each look has a deadline, also at a file system that
 * never answers.
 */
public interface Mounts {

  /**
   * Looks at a volume's path.
   *
   * @param name of the volume: REX-Ray and others mount {@code …/<name>}, and hand out {@code
   *     …/<name>/data}
   * @param path absent if none is known
   * @param known the mount on record, which may be covered
   * @param since the moment before which nothing of ours was mounted; absent if nothing ever was
   * @param hostDirectories whether directories of the host's own file systems may be handed out
   */
  Seen look(
      String name,
      Optional<String> path,
      Optional<Evidence> known,
      Optional<Moment> since,
      boolean hostDirectories);

  /**
   * The file system of a mount; absent if it does not answer, or if another mount is at the path.
   */
  Optional<FileSystem> fileSystem(Path path, Evidence mount);

  /**
   * Unmounts a mount whose driver cannot do it any more; one that does not answer also if processes
   * wait in it, which keep it until they end.
   *
   * @throws IOException if another mount is at the path, or if it is still mounted
   */
  void unmount(Path path, Evidence mount) throws IOException;
}
