// SPDX-License-Identifier: Apache-2.0
package io.dvdi.lifecycle;

import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Whether a driver shows which mount IDs it holds. */
enum Account {
  /** It shows them. */
  SHOWN,
  /** It is no driver that does. */
  NONE,
  /** It does, and did not this time, or did not answer. */
  NOT_KNOWN;

  /**
   * What a driver has just told.
   *
   * @param terms of the volume, which say whether the driver ever showed them
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
    // What it does not have is in nobody's account.
    return told.existence() == Told.Existence.ABSENT ? SHOWN : NOT_KNOWN;
  }

  /** The mount IDs that it shows. */
  static Set<String> shown(@Nullable Told told) {
    return told == null ? Set.of() : told.account().orElse(Set.of());
  }

  /** Whether it shows this one. */
  static boolean shows(@Nullable Told told, MountId mountId) {
    return shown(told).contains(mountId.value());
  }
}
