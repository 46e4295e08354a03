// SPDX-License-Identifier: Apache-2.0
package io.dvdi.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.dvdi.cli.BinDvdi.Run;
import io.dvdi.testing.RealMounts;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** bin/dvdi in the places and on the machines where newcomers start it. */
class DvdiProgramIT {
  @RegisterExtension private final RealMounts mounts = new RealMounts();

  private BinDvdi dvdi;
  private String app;

  @BeforeEach
  void create() throws Exception {
    dvdi = new BinDvdi(mounts.folder());
    app = app("app", "local", "size=1");
  }

  @AfterEach
  void end() {
    dvdi.close();
  }

  private String app(String id, String driver, String options) throws Exception {
    return Files.writeString(
            mounts.folder().resolve(id + ".json"),
            """
            {"id": "%s", "cmd": "echo it ran", "env": {"DVDI_VOLUME_NAME": "v",
             "DVDI_VOLUME_DRIVER": "%s", "DVDI_VOLUME_OPTS": "%s"}}
            """
                .formatted(id, driver, options))
        .toString();
  }

  private String state() {
    return "--state-dir=" + mounts.folder().resolve("state");
  }

  /** Maven, which may not be called. */
  private void withoutMaven() throws Exception {
    dvdi.tool("mvn", "touch \"$tools/called\"; exit 1");
  }

  private void assertNothingWasBuilt() {
    assertFalse(Files.exists(dvdi.tools.resolve("called")));
  }

  private void asNobody() throws Exception {
    RealMounts.run("chmod", "-R", "a+rX", mounts.folder().toString());
    dvdi.before("setpriv", "--reuid=65534", "--clear-groups");
  }

  private void mountReadOnly() throws Exception {
    String checkout = dvdi.checkout.path("").toString();
    mounts.mount("--bind", checkout, checkout);
    mounts.mount("-o", "remount,bind,ro", checkout);
  }

  @ParameterizedTest
  @ValueSource(strings = {"--help", "-h", "help", "--version"})
  void helpAndVersionNeedNothing(String word) throws Exception {
    dvdi.checkout.clean();
    withoutMaven();
    asNobody();
    mountReadOnly();

    Run run = dvdi.run(word);

    assertEquals(0, run.status(), run::toString);
    assertTrue(
        word.equals("--version")
            ? run.out().matches("dvdi [0-9]+\\.[0-9]+\\.[0-9]+\\S*\n")
            : run.out().startsWith("Usage: bin/dvdi run "),
        run::toString);
    assertEquals("", run.err());
    assertNothingWasBuilt();
  }

  @ParameterizedTest
  @CsvSource({"run", "plan"})
  void helpOfACommandNeedsNothingEither(String command) throws Exception {
    dvdi.checkout.clean();
    withoutMaven();
    Run run = dvdi.run(command, "--help");
    assertEquals(0, run.status(), run::toString);
    assertTrue(run.out().startsWith("Usage: "), run::toString);
    assertNothingWasBuilt();
  }

  @ParameterizedTest
  @ValueSource(strings = {"--wrong", "wrong", "run --wrong", "plan --wrong"})
  void whatIsWrongInTheCommandLineNamesHelp(String words) throws Exception {
    Run run = dvdi.run(words.split(" ", -1));
    assertEquals(2, run.status(), run::toString);
    assertTrue(run.err().matches("dvdi: .*wrong.*bin/dvdi --help\\.?\n"), run::toString);
    assertEquals("", run.out());
  }

  @Test
  void aPlanNeedsNothingWritten() throws Exception {
    withoutMaven();
    mountReadOnly();
    Run run = dvdi.run("plan", app);
    assertEquals(0, run.status(), run::toString);
    assertTrue(run.out().contains(" size=1\n"), run::toString);
    assertEquals("", run.err());
  }

  @Test
  void aBuildThatCannotBeMadeAnewIsUsedAsItIs() throws Exception {
    withoutMaven();
    dvdi.checkout.edit();
    mountReadOnly();
    Run run = dvdi.run("plan", app);
    assertEquals(0, run.status(), run::toString);
    assertTrue(run.err().startsWith("dvdi: warning: sources in "), run::toString);
    assertNothingWasBuilt();
  }

  @Test
  void whatCannotBeBuiltWhereItIsHasToBeCopied() throws Exception {
    withoutMaven();
    dvdi.checkout.clean();
    mountReadOnly();
    Run run = dvdi.run("plan", app);
    assertEquals(1, run.status(), run::toString);
    String checkout = dvdi.checkout.path("").toString();
    assertEquals(
        "dvdi: %1$s is not built yet, and cannot be built where it is, since %1$s/target cannot be written. Copy %1$s to a folder that you can write to, and run bin/dvdi there.\n"
            .formatted(checkout),
        run.err());
    assertNothingWasBuilt();
  }

  @Test
  void anAppThatIsNotThereIsSaidBeforeTheBuild() throws Exception {
    withoutMaven();
    dvdi.checkout.clean();
    Run run = dvdi.run("run", state(), "missing.json");
    assertEquals(2, run.status(), run::toString);
    assertEquals(
        "dvdi: there is no file missing.json. Name the JSON file of a Marathon app.\n", run.err());
    assertNothingWasBuilt();
  }

  @Test
  void whoMayNotMountIsToldBeforeTheBuild() throws Exception {
    withoutMaven();
    dvdi.checkout.clean();
    dvdi.before("setpriv", "--bounding-set=-sys_admin");
    Run run = dvdi.run("run", state(), app);
    assertEquals(2, run.status(), run::toString);
    assertEquals(
        "dvdi: the kernel does not let this process mount file systems (Operation not permitted)."
            + " In a container, start that with the capability CAP_SYS_ADMIN (docker run"
            + " --privileged).\n",
        run.err());
    assertNothingWasBuilt();
    assertFalse(Files.exists(mounts.folder().resolve("state")));

    asNobody();
    run = dvdi.run("run", app);
    assertEquals(2, run.status(), run::toString);
    assertEquals(
        "dvdi: mounting volumes needs root. Try: sudo bin/dvdi run '" + app + "'\n", run.err());
    assertNothingWasBuilt();
  }

  @Test
  void aMachineWithoutLoopDevicesIsToldBeforeAFileSystemIsMade() throws Exception {
    // A /dev that has what a task needs, and no more.
    dvdi.tool(
        "without-loop",
        """
        mount -t tmpfs none /dev
        mknod -m 666 /dev/null c 1 3; mknod -m 666 /dev/random c 1 8; mknod -m 666 /dev/urandom c 1 9
        ln -s /proc/self/fd /dev/fd
        exec "$@"
        """);
    dvdi.before(
        "unshare", "--mount", "--propagation", "private", "--", dvdi.tools + "/without-loop");

    Run run = dvdi.run("run", state(), app);

    assertEquals(1, run.status(), run::toString);
    assertTrue(
        run.err()
            .contains(
                "this machine has no loop devices, which a file system in a file needs"
                    + " (/dev/loop-control cannot be opened: ENOENT); load the kernel's module with"
                    + " `modprobe loop`"),
        run::toString);
    assertFalse(run.out().contains("it ran"), run::toString);
    assertFalse(Files.exists(mounts.folder().resolve("state/volumes/v/image")));

    // What needs none runs.
    run = dvdi.run("run", state(), app("memory", "local", "type=tmpfs"));
    assertEquals(0, run.status(), run::toString);
    assertEquals("it ran\n", run.out());
  }

  @Test
  void oneStateFolderIsForOneRunAtATime() throws Exception {
    Path slow =
        Files.writeString(
            mounts.folder().resolve("slow.json"),
            "{\"id\": \"slow\", \"cmd\": \"echo runs; sleep 1000\"}");
    Run first = dvdi.start("run", state(), slow.toString());
    first.await("the task runs", () -> first.out().contains("runs"));

    Run second = dvdi.run("run", state(), app);
    assertEquals(1, second.status(), second::toString);
    assertEquals(
        "dvdi: error: The folder %s/state/agent is in use by another agent, process %d. Wait until that has ended, or choose another --work_dir (with bin/dvdi: --state-dir).\n"
            .formatted(mounts.folder(), first.process().pid()),
        second.err());

    Run beside = dvdi.run("run", "--state-dir=" + mounts.folder().resolve("other"), app);
    assertEquals(0, beside.status(), beside::toString);
    assertEquals("it ran\n", beside.out());
    assertTrue(first.process().isAlive(), first::toString);
    first.signal("INT", true);
    assertEquals(130, first.status(), first::toString);
    assertEquals(List.of(), dvdi.processes());
  }

  /**
   * In a script, since this JVM can name such files only where its own locale has their letters.
   * Maven is the real one: without a locale it does not find the POM there.
   */
  @Test
  void theNamesOfFoldersAndFilesMayHaveAnyLetters() throws Exception {
    dvdi.tool(
        "mvn",
        """
        PATH=${PATH#*:} mvn --quiet --offline -Denforcer.skip validate
        mv target/built-before target/dist/built
        """);
    Path script =
        Files.writeString(
            mounts.folder().resolve("script"),
            """
            cd %s
            mkdir "Größe 'x y"
            mv checkout "Größe 'x y/dvdi"
            cd "Größe 'x y/dvdi"
            mv target/dist/built target/built-before
            cp examples/hello-play.json "ä 'b.json"
            env -i PATH="%s:$PATH" HOME="$HOME" bin/dvdi run --state-dir "stäte 'x\\"z" "ä 'b.json"
            """
                .formatted(mounts.folder(), dvdi.tools));
    String output = RealMounts.run("bash", "-e", script.toString());
    assertTrue(output.contains(" ended with status 0"), output);
    assertTrue(output.contains("Building: "), output);
    // Java deletes only what it can name.
    RealMounts.run("find", mounts.folder().toString(), "-mindepth", "1", "-delete");
  }

  @ParameterizedTest
  @ValueSource(strings = {":", ";", "\"", "\\", "$"})
  void aCharacterThatCannotBeInThePathIsSaid(String character) throws Exception {
    Path moved = mounts.folder().resolve("a" + character + "b");
    RealMounts.run("mv", dvdi.checkout.path("").toString(), moved.toString());
    Process process =
        new ProcessBuilder(moved + "/bin/dvdi", "plan", app).redirectErrorStream(true).start();
    String said = new String(process.getInputStream().readAllBytes(), UTF_8);
    assertEquals(2, process.waitFor(), said);
    assertEquals(
        ("dvdi: the path of this checkout, %s, has one of the characters : ; \" \\ $, with which it"
                + " cannot be built or run. Move or rename the folder.\n")
            .formatted(moved),
        said);
  }

  @Test
  void everyProgramAnswersHelpAndVersion() throws Exception {
    for (String script :
        List.of(
            "bin/check",
            "bin/check-fresh",
            "bin/check-java",
            "bin/dvdcli",
            "bin/dvdi",
            "bin/format",
            "bin/java-21-root",
            "bin/mesos-matrix",
            "bin/mesos-test",
            "bin/regressions",
            "bin/simulate",
            "target/dist/bin/dvdi-agent",
            "target/dist/lib/dvdi/dvdi-bind")) {
      String program = dvdi.checkout.path(script).toString();
      for (String word : List.of("--help", "-h", "help")) {
        String help = RealMounts.run(program, word);
        assertTrue(help.contains("Usage:"), help);
      }
      String version = RealMounts.run(program, "--version");
      assertTrue(version.endsWith(dvdi.run("--version").out().replace("dvdi ", " ")), version);
    }
  }
}
