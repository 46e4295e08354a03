// SPDX-License-Identifier: Apache-2.0
package io.dvdi.simulator;

/** Something happened that must not. */
final class Violation extends RuntimeException {
  private static final long serialVersionUID = 1L;

  /** The rule that was broken; the same for each violation of it. */
  final String rule;

  Violation(String rule, String where) {
    super(rule + ": " + where, null, false, false);
    this.rule = rule;
  }
}
