// SPDX-License-Identifier: Apache-2.0
package io.dvdi.lifecycle;

import java.util.Optional;

/**
 * The moment at which a Mount was announced, described by the mounts that existed then. A newer
 * mount may be ours; an older one is not.
 *
 * @param namespace the mount namespace in which this was seen
 * @param newestId the highest unique mount ID then; 0 on kernels without unique IDs
 * @param pathKnown whether the volume's path was known then; {@code atPath} means nothing otherwise
 * @param atPath the mount that was at the volume's path; absent if nothing was mounted there
 */
public record Moment(long namespace, long newestId, boolean pathKnown, Optional<Evidence> atPath) {

  /** Whether a mount is newer than a moment. */
  public enum Age {
    /** It was made later. */
    NEWER,
    /** It existed already. */
    OLDER,
    /** The kernel reuses mount IDs and the path was not known, or the namespace is another one. */
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
    // A mount at a folder above was there before: the one at the path lay on it.
    boolean wasBeneath = atPath.isPresent() && mount.isAbove(atPath.get());
    return wasAtPath || wasBeneath ? Age.OLDER : Age.NEWER;
  }
}
