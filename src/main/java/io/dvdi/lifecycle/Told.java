// SPDX-License-Identifier: Apache-2.0
package io.dvdi.lifecycle;

import java.util.Optional;
import java.util.Set;

/**
 * What a driver tells of a volume when it is asked (Get, List, Status; dvdcli path and list).
 * Asking changes nothing, and ends at its deadline.
 *
 * @param answered whether the driver answered at all, be it with an error
 * @param existence whether the volume exists
 * @param path where the driver says that the volume is, or will be
 * @param keepsAccount the driver is one that shows which mount IDs it holds
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
    /** A whole list of the driver's volumes does not have it. */
    ABSENT,
    /** The driver did not say. */
    UNKNOWN
  }
}
