// SPDX-License-Identifier: Apache-2.0
package io.dvdi.lifecycle;

/**
 * A user of this host.
 *
 * @param user the name
 * @param uid an unsigned number
 * @param gid the user's primary group, an unsigned number
 */
public record Owner(String user, int uid, int gid) {
  /** Whether this is root, who can write to every volume on this host's own file systems. */
  public boolean isRoot() {
    return uid == 0;
  }

  @Override
  public String toString() {
    return "user %s (%s:%s)"
        .formatted(user, Integer.toUnsignedString(uid), Integer.toUnsignedString(gid));
  }
}
