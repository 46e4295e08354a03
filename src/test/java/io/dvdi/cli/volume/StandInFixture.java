// SPDX-License-Identifier: Apache-2.0
package io.dvdi.cli.volume;

import io.dvdi.driver.plugin.StandInPlugin;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;

/** The command line, and a plugin that has the volume data. */
abstract class StandInFixture extends CommandLineFixture {
  StandInPlugin plugin;

  @BeforeEach
  void start() throws Exception {
    plugin = new StandInPlugin(sockets.resolve("stand-in.sock"));
    plugin.volumes.add("data");
  }

  @AfterEach
  void stop() throws Exception {
    plugin.close();
  }

  int onData(String command, String... flags) {
    List<String> words = new java.util.ArrayList<>();
    words.addAll(List.of(command, "--volumedriver=stand-in", "--volumename=data"));
    words.addAll(List.of(flags));
    return run(words.toArray(String[]::new));
  }

  List<String> changes() {
    return plugin.methods().stream()
        .filter(method -> List.of("Create", "Remove", "Mount", "Unmount").contains(method))
        .toList();
  }
}
