// SPDX-License-Identifier: Apache-2.0
package io.dvdi.lifecycle;

import java.util.Optional;

/**
 * The moment at which a Mount was announced, by the mounts that there were: what was mounted later
 * may be ours, what was there before is not.
 *
 * @param namespace the mount namespace in which this was seen
 * @param newestId the highest unique mount ID there was; 0 on kernels without unique IDs
 * @param pathKnown whether the volume's path was known then, so that {@code atPath} means something
 * @param atPath the mount that was at the volume's path; absent if nothing was mounted there
 */
public record Moment(long namespace, long newestId, boolean pathKnown, Optional<Evidence> atPath) {

  /** Whether a mount was made after a moment. */
  public enum Age {
    /** It was made after it. */
    NEWER,
    /** It was there already. */
    OLDER,
    /** The kernel reuses mount IDs, and the path was not known; or it is another namespace. */
    UNKNOWN
  }

  /** Whether the mount was made after this moment. */
  public Age ageOf(Evidence mount) {
    boolean wasAtPath = atPath.isPresent() && atPath.get().isSameMount(mount);
    if (mount.namespace() != namespace) {
      return wasAtPath ? Age.OLDER : Age.UNKNOWN;
    }
    if (newestId != 0 && mount.uniqueId() != 0) {
      return mount.uniqueId() > newestId ? Age.NEWER : Age.OLDER;
    }
    if (!pathKnown) {
      return Age.UNKNOWN;
    }
    return wasAtPath ? Age.OLDER : Age.NEWER;
  }
}
