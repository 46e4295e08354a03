// SPDX-License-Identifier: Apache-2.0
package io.dvdi.bench;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** In a real agent: how much longer a container is in the state PREPARING if it has a volume. */
final class AgentPart {
  private static final String OURS =
      "time in PREPARING that a volume of rclone adds, without rclone's own time";
  private static final String RATIO = "the same / with docker/volume and dvdcli";

  private final Settings settings;
  private final Results results;

  AgentPart(Settings settings, Results results) {
    this.settings = settings;
    this.results = results;
  }

  void measure() throws IOException {
    if (settings.mesos().isEmpty()) {
      String why = "it needs an installed Mesos, see --mesos";
      results.add("preparing_ms", Figure.missing(OURS, "ms", 2.0, why));
      results.add("preparing_vs_docker_volume", Figure.missing(RATIO, "", 0.05, why));
      return;
    }
    Path file = settings.target().resolve("mesos-test/preparing.json");
    ProcessBuilder test =
        new ProcessBuilder(
                settings.top().resolve("bin/mesos-test").toString(),
                settings.mesos().get().toString(),
                "PreparingTimeIT")
            .redirectErrorStream(true)
            .redirectOutput(settings.target().resolve("bench-mesos-test.log").toFile());
    settings
        .dvdcli()
        .ifPresent(dvdcli -> test.environment().put("DVDI_TEST_DVDCLI", dvdcli.toString()));
    results.progress("agent: bin/mesos-test PreparingTimeIT", 0, 1);
    Files.deleteIfExists(file);
    try {
      // It writes what it measured before it asserts anything about it.
      test.start().waitFor();
      if (!Files.exists(file)) {
        throw new IOException(
            "bin/mesos-test failed; see " + settings.target().resolve("bench-mesos-test.log"));
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return;
    }
    JsonNode measured = Results.JSON.readTree(file.toFile());
    double ours = measured.path("preparing_ms").doubleValue();
    results.add(
        "preparing_ms", new Figure(OURS, "ms", 2.0, ours, List.of(ours * 1e6), List.of(), ""));
    results.point("agent", "this module", ours);
    JsonNode theirs = measured.path("preparing_docker_volume_ms");
    if (theirs.isMissingNode()) {
      results.add(
          "preparing_vs_docker_volume",
          Figure.missing(RATIO, "", 0.05, "it needs a real dvdcli, see --dvdcli"));
      return;
    }
    results.add(
        "preparing_vs_docker_volume",
        new Figure(
            RATIO,
            "",
            0.05,
            ours / theirs.doubleValue(),
            List.of(ours * 1e6),
            List.of(theirs.doubleValue() * 1e6),
            ""));
    results.point("agent", "docker/volume", theirs.doubleValue());
  }
}
