// SPDX-License-Identifier: Apache-2.0
package io.dvdi.volume;

import java.nio.file.InvalidPathException;

/**
 * The encoding of file names. Java takes it from the locale of the process when the virtual machine
 * starts, and no option changes it: in the locale C, which is what systemd gives, only ASCII can be
 * named. The process' environment is the host's, so that this module does not set it.
 */
public final class AgentLocale {
  private AgentLocale() {}

  /** Why a path cannot be used. */
  public static String reason(InvalidPathException e) {
    return "the path %s has letters that the agent's locale (%s) does not have; start the agent with LC_ALL=C.UTF-8, or use other letters"
        .formatted(Text.quote(e.getInput()), System.getProperty("sun.jnu.encoding"));
  }
}
