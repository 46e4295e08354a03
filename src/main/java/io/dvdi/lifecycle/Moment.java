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
 * @param newest the newest mount then, on kernels without unique IDs: it tells the age of mounts at
 *     paths that were not known then
 */
public record Moment(
    long namespace,
    long newestId,
    boolean pathKnown,
    Optional<Evidence> atPath,
    Optional<Evidence> newest) {

  /** A moment of which nothing is known. */
  public static final Moment UNKNOWN = at(0, 0);

  /**
   * One on a kernel with unique IDs.
   *
   * @param newestId 0 if even that is not known
   */
  public static Moment at(long namespace, long newestId) {
    return new Moment(namespace, newestId, false, Optional.empty(), Optional.empty());
  }

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

  /** The same moment, with what was at the path of the volume. */
  public Moment withPath(Optional<Evidence> atPath) {
    return new Moment(namespace, newestId, true, atPath, newest);
  }

  /** The same moment, for a volume of which the path was not known. */
  Moment withoutPath() {
    return new Moment(namespace, newestId, false, Optional.empty(), newest);
  }
}
