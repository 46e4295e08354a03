// SPDX-License-Identifier: Apache-2.0
package io.dvdi.lifecycle;

import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Whether a driver shows which mount IDs have a volume mounted. */
enum Account {
  /** The driver shows them. */
  SHOWN,
  /** The driver never shows them. */
  NONE,
  /** The driver shows them as a rule, but did not this time, or did not answer. */
  NOT_KNOWN;

  /**
   * Classifies the driver's latest answer.
   *
   * @param terms of the volume; they say whether the driver has ever shown mount IDs
   */
  static Account of(@Nullable Told told, Terms terms) {
    if (told == null || !told.answered()) {
      return NOT_KNOWN;
    }
    if (told.account().isPresent()) {
      return SHOWN;
    }
    if (!terms.keepsAccount()) {
      return NONE;
    }
    // A volume that does not exist is mounted under no ID.
    return told.existence() == Told.Existence.ABSENT ? SHOWN : NOT_KNOWN;
  }

  /** The mount IDs that the driver shows. */
  static Set<String> shown(@Nullable Told told) {
    return told == null ? Set.of() : told.account().orElse(Set.of());
  }

  /** Whether the driver shows this mount ID. */
  static boolean shows(@Nullable Told told, MountId mountId) {
    return shown(told).contains(mountId.value());
  }
}
