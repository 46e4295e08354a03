// SPDX-License-Identifier: Apache-2.0
package io.dvdi.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * The module's own client of plugins, beside its driver dvdcli and beside how other isolators start
 * dvdcli. All of them use the same plugin.
 */
final class PeersPart {
  private static final int EACH = 20;

  /** Where dvdcli looks for plugins, and nowhere else. */
  private static final Path DOCKER = Path.of("/run/docker/plugins");

  private static final String NATIVE =
      "prepare and cleanup, by the module's client of plugins / by its driver dvdcli";

  private final Settings settings;
  private final Results results;

  PeersPart(Settings settings, Results results) {
    this.settings = settings;
    this.results = results;
  }

  void measure() throws IOException {
    if (settings.dvdcli().isEmpty()) {
      results.add(
          "native_vs_dvdcli",
          Figure.missing(NATIVE, Figure.RATIO, 0.2, "it needs a real dvdcli, see --dvdcli"));
      return;
    }
    Path dvdcli = settings.dvdcli().get();
    Rounds ours = new Rounds();
    Rounds driver = new Rounds();
    Rounds shell = new Rounds();
    Rounds exec = new Rounds();
    try (Workplace place = new Workplace(settings, settings.memory().resolve("peers"))) {
      place.startPlugin(place.sockets().resolve("benchmark.sock"), 0);
      place.startPlugin(Files.createDirectories(DOCKER).resolve("other.sock"), 0);
      try (MeasureProgram program = place.module(place.records("state"), "dvdcli=" + dvdcli)) {
        PreparePart.warmUp(program);
        program.run("run", "module", "other", "d", 1, EACH);
        for (int round = 0; round < settings.rounds(); round++) {
          results.progress("peers", round, settings.rounds());
          ours.add(program.both("run", "module", "benchmark", "v", 1, EACH * 5));
          driver.add(program.both("run", "module", "other", "d", 1, EACH));
          shell.add(program.both("run", "shell", dvdcli, "other", "s", EACH));
          exec.add(program.both("run", "exec", dvdcli, "other", "e", EACH));
        }
        program.run("close");
      }
    }
    results.add("native_vs_dvdcli", Figure.ratio(NATIVE, 0.2, ours, driver, 50));
    results.add(
        "native_vs_shell",
        Figure.ratio(
            "the same / a shell that starts dvdcli, as in mesos-module-dvdi",
            null,
            ours,
            shell,
            50));
    results.add(
        "native_vs_exec",
        Figure.ratio(
            "the same / fork, exec and wait for dvdcli, as in docker/volume",
            null,
            ours,
            exec,
            50));
    results.point("peers", "plugin client", ours.median() / 1e6);
    results.point("peers", "driver dvdcli", driver.median() / 1e6);
    results.point("peers", "shell and dvdcli", shell.median() / 1e6);
    results.point("peers", "exec of dvdcli", exec.median() / 1e6);
  }
}
