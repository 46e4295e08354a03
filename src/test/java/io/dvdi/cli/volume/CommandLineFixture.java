// SPDX-License-Identifier: Apache-2.0
package io.dvdi.cli.volume;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.dvdi.driver.plugin.PluginFolders;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

/** The command line, with plugins looked for in folders of the test's own. */
abstract class CommandLineFixture {
  @TempDir Path folder;

  String out = "";
  String err = "";
  Path sockets;

  @BeforeEach
  void makeFolders() throws IOException {
    sockets = Files.createDirectories(folder.resolve("run"));
  }

  PluginFolders folders() {
    return new PluginFolders(sockets, List.of(folder.resolve("etc")), folder.resolve("managed"));
  }

  /** Runs a command, and returns its exit status. */
  int run(String... words) {
    ByteArrayOutputStream outBytes = new ByteArrayOutputStream();
    ByteArrayOutputStream errBytes = new ByteArrayOutputStream();
    int status =
        new VolumeCommandLine(
                "dvdcli",
                folders(),
                Duration.ofMillis(300),
                new PrintStream(outBytes, false, UTF_8),
                new PrintStream(errBytes, true, UTF_8))
            .run(words);
    out = outBytes.toString(UTF_8);
    err = withoutTime(errBytes.toString(UTF_8));
    return status;
  }

  static String withoutTime(String log) {
    return log.replaceAll("(?m)^time=\"[^\"]*\" ", "");
  }
}
