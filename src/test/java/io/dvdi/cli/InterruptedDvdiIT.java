// SPDX-License-Identifier: Apache-2.0
package io.dvdi.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.dvdi.cli.BinDvdi.Run;
import io.dvdi.testing.Eventually;
import io.dvdi.testing.MountTable;
import io.dvdi.testing.RealMounts;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Ctrl-C, which goes to the whole process group, and a signal to bin/dvdi alone, in each of its
 * phases: nothing is left, and the next run works.
 */
class InterruptedDvdiIT {
  @RegisterExtension private final RealMounts mounts = new RealMounts();

  private BinDvdi dvdi;
  private String quick;

  @BeforeEach
  void create() throws Exception {
    dvdi = new BinDvdi(mounts.folder());
    quick = app("quick", "echo it ran");
    // Stands for Maven: it takes what was built before, and as long as there is a file `slow`.
    dvdi.tool(
        "mvn",
        """
        echo "$$" >>"$tools/calls"
        mkdir -p target/classes
        [[ -e target/classes/Whole.class ]] || echo half >target/classes/Half.class
        touch "$tools/building"
        if [[ -e $tools/slow ]]; then
          (while [[ -e $tools/slow ]]; do sleep 0.1; done) &
          wait
        fi
        echo whole >target/classes/Whole.class
        touch --date='1 hour' target/dist/built
        """);
  }

  @AfterEach
  void end() {
    dvdi.close();
  }

  private String app(String id, String command) throws IOException {
    return Files.writeString(
            mounts.folder().resolve(id + ".json"),
            """
            {"id": "%s", "cmd": "%s", "env": {"DVDI_VOLUME_NAME": "v",
             "DVDI_VOLUME_DRIVER": "local", "DVDI_VOLUME_OPTS": "size=1"}}
            """
                .formatted(id, command))
        .toString();
  }

  private Path tool(String name) {
    return dvdi.tools.resolve(name);
  }

  private void unbuilt() throws IOException {
    dvdi.checkout.clean();
    Files.createFile(tool("slow"));
  }

  private void nothingRuns() throws Exception {
    Eventually.holds("no process is left", () -> dvdi.processes().isEmpty());
  }

  private void nextRunWorks() throws Exception {
    Run next = dvdi.run("run", "--state-dir=" + mounts.folder().resolve("state"), quick);
    assertEquals(0, next.status(), next::toString);
    assertTrue(next.out().contains("it ran"), next::toString);
  }

  @ParameterizedTest
  @CsvSource({"INT,true,130", "INT,false,130", "TERM,false,143", "TERM,true,143", "HUP,true,129"})
  void theBuildEnds(String signal, boolean group, int status) throws Exception {
    unbuilt();
    Run run = dvdi.start("plan", quick);
    run.await("Maven builds", () -> Files.exists(tool("building")));

    run.signal(signal, group);

    assertEquals(status, run.status(), run::toString);
    nothingRuns();
    assertFalse(Files.exists(dvdi.checkout.path("target/classes")));
    Files.delete(tool("slow"));
    nextRunWorks();
  }

  @Test
  void aBuildWhoseOwnerWasKilledIsMadeAnew() throws Exception {
    unbuilt();
    Run killed = dvdi.start("plan", quick);
    killed.await("Maven builds", () -> Files.exists(tool("building")));
    killed.signal("KILL", false);
    assertEquals(137, killed.status());

    // What it started goes on, and is waited for.
    Run next = dvdi.start("plan", quick);
    next.await("it waits", () -> next.err().contains("Waiting for another build"));
    assertEquals(1, Files.readAllLines(tool("calls")).size());
    Files.delete(tool("slow"));
    assertEquals(0, next.status(), next::toString);
    nothingRuns();
  }

  @ParameterizedTest
  @CsvSource({"INT,true,130", "TERM,false,143"})
  void theWaitForAnothersBuildEnds(String signal, boolean group, int status) throws Exception {
    unbuilt();
    Run first = dvdi.start("plan", quick);
    first.await("Maven builds", () -> Files.exists(tool("building")));
    Run second = dvdi.start("plan", quick);
    Run third = dvdi.start("plan", quick);
    for (Run waiting : List.of(second, third)) {
      waiting.await("it waits", () -> waiting.err().contains("Waiting"));
      assertEquals(
          "Waiting for another build in %s (process %d) to end\n"
              .formatted(dvdi.checkout.path(""), first.process().pid()),
          waiting.err());
    }

    second.signal(signal, group);

    assertEquals(status, second.status(), second::toString);
    Eventually.holds(
        "only the third waits",
        () -> dvdi.processes().stream().filter(InterruptedDvdiIT::isFlock).count() == 1);
    assertTrue(first.process().isAlive() && third.process().isAlive());
    Files.delete(tool("slow"));
    assertEquals(0, first.status(), first::toString);
    assertEquals(0, third.status(), third::toString);
    assertEquals(1, Files.readAllLines(tool("calls")).size());
    nothingRuns();
  }

  private static boolean isFlock(long pid) {
    return ProcessHandle.of(pid)
        .flatMap(process -> process.info().command())
        .filter(command -> command.endsWith("/flock"))
        .isPresent();
  }

  @ParameterizedTest
  @CsvSource({"INT,true,130", "TERM,false,143"})
  void theInstallationOfPackagesEndsAndLetsDpkgFinish(String signal, boolean group, int status)
      throws Exception {
    unbuilt();
    // A machine without cmake.
    Path programs = Files.createDirectory(mounts.folder().resolve("programs"));
    RealMounts.run(
        "bash",
        "-c",
        "ln -sf -t \"$1\" /bin/* /usr/bin/*; rm \"$1/cmake\"",
        "-",
        programs.toString());
    dvdi.path(dvdi.tools + ":" + programs);
    dvdi.tool(
        "apt-get",
        """
        [[ $1 == install ]] || exit 0
        # As apt-get does while dpkg runs.
        trap 'asked=1' INT
        asked=
        (trap '' INT; sleep 1; echo whole >"$tools/dpkg") &
        touch "$tools/installing"
        while kill -0 $! 2>/dev/null; do wait $! || true; done
        [[ -z $asked ]] || exit 130
        """);
    Run run = dvdi.start("plan", quick);
    run.await("packages are installed", () -> Files.exists(tool("installing")));

    run.signal(signal, group);

    assertEquals(status, run.status(), run::toString);
    assertEquals("whole\n", Files.readString(tool("dpkg")));
    nothingRuns();
    assertFalse(Files.exists(tool("building")));
  }

  @ParameterizedTest
  @CsvSource({
    "starts,INT,true,130",
    "runs,INT,true,130",
    "runs,TERM,false,143",
    "ends,TERM,false,143"
  })
  void theAgentEnds(String phase, String signal, boolean group, int status) throws Exception {
    String app = app("a", phase.equals("ends") ? "echo runs" : "echo runs; sleep 1000");
    Path state = mounts.folder().resolve("state");
    Run run = dvdi.start("run", "--state-dir=" + state, app);
    run.await(
        phase,
        switch (phase) {
          case "starts" ->
              () ->
                  Files.readSymbolicLink(Path.of("/proc/" + run.process().pid() + "/exe"))
                      .endsWith("dvdi-agent");
          case "runs" -> () -> run.out().contains("runs");
          default -> () -> run.err().contains("ended with status 0");
        });

    run.signal(signal, group);

    int ended = run.status();
    // It may have unmounted before the signal came.
    assertTrue(ended == status || (phase.equals("ends") && ended == 0), run::toString);
    nothingRuns();
    assertEquals(List.of(), MountTable.under(state));
    Eventually.holds("no loop device is left", () -> mounts.loopDevices().isEmpty());
    if (Files.exists(state.resolve("agent/containers"))) {
      try (Stream<Path> records = Files.list(state.resolve("agent/containers"))) {
        assertEquals(List.of(), records.toList());
      }
    }
    nextRunWorks();
  }
}
