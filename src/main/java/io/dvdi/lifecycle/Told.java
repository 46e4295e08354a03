// SPDX-License-Identifier: Apache-2.0
package io.dvdi.lifecycle;

import io.dvdi.volume.VolumeId;
import java.util.Optional;
import java.util.Set;

/**
 * What a driver answers when it is asked about a volume (Get, List, Status; dvdcli path and list).
 * Asking changes nothing, and ends by its deadline.
 *
 * @param existence whether the volume exists
 * @param id what the driver itself calls the volume; absent if it did not say
 * @param path where the driver says that the volume is, or will be
 * @param keepsAccount whether the driver shows which mount IDs it has
 * @param account the mount IDs that the driver says have the volume mounted; absent if it did not
 *     say
 * @param words why it did not answer, for the operator; empty if it did
 */
public record Told(
    Existence existence,
    Optional<VolumeId> id,
    Optional<String> path,
    boolean keepsAccount,
    Optional<Set<String>> account,
    String words) {

  /** Whether a volume exists. */
  public enum Existence {
    /** The driver knows it. */
    EXISTS,
    /** A complete list of the driver's volumes does not have it. */
    ABSENT,
    /** The driver answered, but did not say. */
    UNKNOWN,
    /** The driver did not answer. */
    NO_ANSWER
  }

  /** Whether the driver answered at all, even with an error. */
  public boolean answered() {
    return existence != Existence.NO_ANSWER;
  }
}
