// SPDX-License-Identifier: Apache-2.0
package io.dvdi.lifecycle;

import java.io.IOException;
import java.nio.file.Path;

/**
 * The port to the users of this host and to the owners of directories. Calls may block as long as a
 * directory service or a file server does not answer. Thread-safe.
 */
public interface Owners {
  /**
   * Looks up a user by name.
   *
   * @throws IOException if the user does not exist, or if the lookup fails; the message says which
   */
  Owner named(String user) throws IOException;

  /**
   * Changes the owner of a volume's root directory to a user and the user's primary group. Changes
   * no mode, and nothing below the directory. If the user already owns it, nothing changes,
   * including its group.
   *
   * @param directory the root directory; not a symbolic link
   * @param mount the mount that must contain the directory
   * @return whether the owner changed
   * @throws OwnerRefusedException if the file system does not allow changing owners
   * @throws IOException on any other failure, and if the directory is on another mount
   */
  boolean give(Path directory, MountIdentity mount, Owner owner) throws IOException;
}
