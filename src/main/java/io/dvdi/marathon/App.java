// SPDX-License-Identifier: Apache-2.0
package io.dvdi.marathon;

import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A Marathon app, as far as its volumes and its start matter.
 *
 * @param command absent: that of the image
 * @param user whom the task runs as; absent: the framework's user
 * @param environment the app's own variables, in their order
 * @param externalVolumes of its container
 * @param remarks for its author
 */
public record App(
    AppId id,
    Optional<Command> command,
    Optional<String> user,
    List<Map.Entry<String, String>> environment,
    List<ExternalVolume> externalVolumes,
    Remarks remarks) {

  /**
   * What the author of an app should know.
   *
   * @param onlyMesos what a Mesos agent can do for it and the embedded agent cannot, each a
   *     sentence
   * @param warnings what in it has no effect, each a line
   */
  public record Remarks(List<String> onlyMesos, List<String> warnings) {
    public Remarks {
      onlyMesos = List.copyOf(onlyMesos);
      warnings = List.copyOf(warnings);
    }
  }

  public App {
    environment = List.copyOf(environment);
    externalVolumes = List.copyOf(externalVolumes);
  }
}
