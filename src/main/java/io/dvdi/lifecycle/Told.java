// SPDX-License-Identifier: Apache-2.0
package io.dvdi.lifecycle;

import java.util.Optional;
import java.util.Set;

/**
 * What a driver answers when it is asked about a volume (Get, List, Status; dvdcli path and list).
 * Asking changes nothing, and ends by its deadline.
 *
 * @param answered whether the driver answered at all, even with an error
 * @param existence whether the volume exists
 * @param path where the driver says that the volume is, or will be
 * @param keepsAccount whether the driver shows which mount IDs it has
 * @param account the mount IDs that the driver says have the volume mounted; absent if it did not
 *     say
 * @param words why it did not answer, for the operator; empty if it did
 */
public record Told(
    boolean answered,
    Existence existence,
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
    /** The driver did not say. */
    UNKNOWN
  }
}
