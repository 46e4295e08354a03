// SPDX-License-Identifier: Apache-2.0
package io.dvdi.lifecycle;

import java.io.IOException;
import java.nio.file.Path;

/**
 * The port to this host's users and to whom directories belong. Calls may block for as long as a
 * directory service or a file server likes.
 */
public interface Owners {
  /**
   * Looks a user up by name.
   *
   * @throws IOException if there is none, or if the host cannot tell; the message says which
   */
  Owner named(String user) throws IOException;

  /**
   * Gives the root directory of a volume to a user and to the user's primary group; nothing below
   * it, and no mode, is changed. What is the user's already stays as it is, its group included.
   *
   * @param directory the root directory; no symbolic link
   * @param mount on which it has to lie, or nothing is done
   * @return whether it was another's
   * @throws OwnerRefusedException if the file system does not let owners be changed
   * @throws IOException if it failed for another reason
   */
  boolean give(Path directory, MountIdentity mount, Owner owner) throws IOException;
}
