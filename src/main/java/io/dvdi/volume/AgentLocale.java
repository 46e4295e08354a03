// SPDX-License-Identifier: Apache-2.0
package io.dvdi.volume;

import java.nio.file.InvalidPathException;

/**
 * The encoding of file names. Java takes it from the locale of the process when the JVM starts, and
 * has no option for it. In the locale C, which systemd sets, only ASCII names are possible. The
 * module does not change the locale, because the environment of the process belongs to the agent.
 */
public final class AgentLocale {
  private AgentLocale() {}

  /** An error message that says why a path cannot be used, and what to change. */
  public static String reason(InvalidPathException e) {
    return "the path %s has letters that the agent's locale (%s) does not have; start the agent with LC_ALL=C.UTF-8, or use other letters"
        .formatted(Text.quote(e.getInput()), System.getProperty("sun.jnu.encoding"));
  }
}
