// SPDX-License-Identifier: Apache-2.0
package io.dvdi.cli;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What the embedded agent is started with.
 *
 * @param library of the isolator
 * @param parameters of the isolator
 * @param workDir where sandboxes and records of containers are kept
 * @param endAfter when the tasks are ended; absent: they end by themselves
 */
record AgentOptions(
    String library,
    List<Map.Entry<String, String>> parameters,
    String workDir,
    Optional<Duration> endAfter) {
  private static final String WORK_DIR = "agent";

  /** With the isolator that a modules.json names. */
  static AgentOptions of(ModulesFile modules, Path state, Optional<Duration> endAfter) {
    return new AgentOptions(
        modules.library(), modules.parameters(), state.resolve(WORK_DIR).toString(), endAfter);
  }

  /** With everything below the state folder. */
  static AgentOptions of(String library, Path state, Optional<Duration> endAfter) {
    return new AgentOptions(
        library,
        List.of(
            Map.entry("state_dir", state.resolve("isolator").toString()),
            Map.entry("local_dir", state.resolve("volumes").toString())),
        state.resolve(WORK_DIR).toString(),
        endAfter);
  }
}
