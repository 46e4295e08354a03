// SPDX-License-Identifier: Apache-2.0
package io.dvdi.regression;

/**
 * What 0.1.0 did to a volume, met again. Every other failure of a test means that the case was not
 * reached.
 */
final class Outcome extends AssertionError {
  private static final long serialVersionUID = 1;

  Outcome(String words) {
    super(words);
  }

  /** Fails with these words, which say what went wrong, unless the condition holds. */
  static void unless(boolean condition, String words) {
    if (!condition) {
      throw new Outcome(words);
    }
  }
}
