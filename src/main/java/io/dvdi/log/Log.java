// SPDX-License-Identifier: Apache-2.0
package io.dvdi.log;

/**
 * Writes lines to the host's log, which is what an operator reads. Thread-safe; never throws, never
 * waits long.
 */
public interface Log {
  /** How much it matters, with the levels of glog. */
  enum Level {
    INFO,
    WARNING,
    ERROR
  }

  /**
   * Writes one line; line breaks in the text become spaces. No option values, which may be secrets.
   */
  void write(Level level, String text);

  /** What normally happens. */
  default void info(String text) {
    write(Level.INFO, text);
  }

  /** What an operator should know, and need not act on. */
  default void warning(String text) {
    write(Level.WARNING, text);
  }

  /** What an operator should act on. */
  default void error(String text) {
    write(Level.ERROR, text);
  }
}
