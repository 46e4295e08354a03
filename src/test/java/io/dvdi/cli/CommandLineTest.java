// SPDX-License-Identifier: Apache-2.0
package io.dvdi.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a person who types a command sees. */
class CommandLineTest {
  private static final String VARIABLES =
      """
      {"id": "/shop/db", "cmd": "true", "env": {
        "DVDI_VOLUME_NAME": "pg", "DVDI_VOLUME_OPTS": "size=5,password=s3cret",
        "DVDI_VOLUME_NAME1": "lg", "DVDI_VOLUME_DRIVER1": "local", "DVDI_VOLUME_CONTAINERPATH1": "logs",
        "DVDI_VOLUME_EXPLICITCREATE1": "true"}}
      """;
  private static final String CONTAINER =
      """
      {"id": "web", "cmd": "true", "container": {"type": "MESOS", "docker": {"image": "alpine"}, "volumes": [
        {"containerPath": "/data", "mode": "RW", "external": {"provider": "dvdi", "name": "w",
         "options": {"dvdi/driver": "pxd", "dvdi/token": "s3cret"}}}]}}
      """;
  private static final String PLAIN = "{\"id\": \"plain\", \"cmd\": \"true\"}";

  @TempDir Path folder;

  private String out = "";
  private String err = "";

  private int run(String... words) {
    ByteArrayOutputStream outBytes = new ByteArrayOutputStream();
    ByteArrayOutputStream errBytes = new ByteArrayOutputStream();
    int status =
        new CommandLine(
                new PrintStream(outBytes, false, UTF_8), new PrintStream(errBytes, true, UTF_8))
            .run(words);
    out = outBytes.toString(UTF_8);
    err = errBytes.toString(UTF_8);
    return status;
  }

  private String file(String name, String text) throws IOException {
    return Files.writeString(folder.resolve(name), text).toString();
  }

  private static JsonNode tree(String text) throws IOException {
    return new ObjectMapper().readTree(text);
  }

  @Test
  void taskPrintsOneTaskInfoForEachApp() throws IOException {
    assertEquals(0, run("task", file("a.json", VARIABLES), file("b.json", PLAIN)));
    assertEquals("", err);
    assertEquals(2, tree(out).size());
    assertEquals("shop_db", tree(out).at("/0/task_id/value").textValue());
    assertEquals("plain", tree(out).at("/1/task_id/value").textValue());
    assertEquals(
        "DVDI_VOLUME_NAME", tree(out).at("/0/command/environment/variables/0/name").textValue());
  }

  @Test
  void marathonChoosesTheForm() throws IOException {
    String app = file("a.json", CONTAINER.replace("\"docker\": {\"image\": \"alpine\"},", ""));
    assertEquals(0, run("task", app));
    assertEquals("w", tree(out).at("/0/container/volumes/0/source/docker_volume/name").textValue());
    assertEquals(0, run("task", "--marathon", "1.1", app));
    assertEquals(
        "DVDI_VOLUME_CONTAINERPATH",
        tree(out).at("/0/command/environment/variables/0/name").textValue());
  }

  @Test
  void allBadAppsAreNamedAndNothingIsPrinted() throws IOException {
    String bad = file("bad.json", "{\"id\": \"x\"}");
    String worse = file("worse.json", VARIABLES.replace("NAME1", "NAME10"));
    String missing = folder.resolve("missing.json").toString();
    for (String command : List.of("task", "plan")) {
      assertEquals(1, run(command, bad, file("good.json", PLAIN), worse, missing));
      assertEquals("", out);
      List<String> lines = err.lines().toList();
      assertEquals(3, lines.size(), err);
      assertEquals(
          "dvdi: error: "
              + bad
              + ": the app has neither cmd nor args; write what to run in one of them",
          lines.get(0));
      assertTrue(
          lines
              .get(1)
              .startsWith("dvdi: error: " + worse + ": 'DVDI_VOLUME_NAME10' is not a variable"),
          err);
      assertEquals(
          "dvdi: error: " + missing + ": cannot be read: there is no such file", lines.get(2));
    }
  }

  @Test
  void folderIsNoApp() {
    assertEquals(1, run("task", folder.toString()));
    assertTrue(
        err.endsWith(": cannot be read: it is a folder; name the file of an app in it\n"), err);
  }

  @Test
  void nameThatCannotBeAPathIsNoFile() {
    assertEquals(1, run("task", "a\0b"));
    assertEquals("dvdi: error: a b: cannot be read: there is no such file\n", err);
  }

  @Test
  void endlessFileIsNoApp() {
    assertEquals(1, run("task", "/dev/zero"));
    assertEquals("dvdi: error: /dev/zero: this is no app: it is longer than 16 MiB\n", err);
  }

  @Test
  void warningsAreLinesAndDoNotFail() throws IOException {
    String app =
        file("a.json", PLAIN.replace("}", ", \"volumes\": {\"/h\": \"/c\"}, \"instances\": 2}"));
    assertEquals(0, run("task", app));
    List<String> lines = err.lines().toList();
    assertEquals(2, lines.size(), err);
    assertTrue(lines.get(0).startsWith("dvdi: warning: " + app + ": volumes does nothing"), err);
    assertEquals(
        "dvdi: warning: " + app + ": instances is 2; one task is looked at here", lines.get(1));
  }

  @Test
  void messageIsOneLineWhateverIsInIt() throws IOException {
    assertEquals(1, run("task", file("a\nb\u001b[31m.json", "{\"id\":\n\"a\"\n,,}")));
    assertEquals(1, err.lines().count(), err);
    assertFalse(err.contains("\u001b"), err);
  }

  @Test
  void appsThatCannotRunSideBySideAreRefused() throws IOException {
    assertEquals(1, run("plan", file("a.json", PLAIN), file("b.json", PLAIN)));
    assertTrue(err.contains("b.json: id is that of another app, /plain"), err);
  }

  @Test
  void planIsAnAlignedTable() throws IOException {
    assertEquals(0, run("plan", file("a", VARIABLES), file("b", CONTAINER), file("c", PLAIN)));
    assertEquals(
        """
        APP       VOLUME                DRIVER  TASK SEES IT AT               VARIABLE                 MODE  OPTIONS
        /shop/db  pg                    rexray  (its mountpoint on the host)  DVDI_VOLUME_MOUNTPOINT   RW    size=5 password=***
        /shop/db  lg                    local   $MESOS_SANDBOX/logs           DVDI_VOLUME_MOUNTPOINT1  RW    - (must exist)
        /web      w                     pxd     /data                         DVDI_VOLUME_MOUNTPOINT   RW    token=***
        /plain    (no external volume)  -       -                             -                        -     -
        """,
        out);
    assertEquals("", err);
  }

  @Test
  void planIsJsonOnDemand() throws IOException {
    assertEquals(
        0, run("plan", "--json", file("a", VARIABLES), file("b", CONTAINER), file("c", PLAIN)));
    assertEquals(
        tree(
            """
            [{"app": "/shop/db", "volumes": [
               {"name": "pg", "driver": "rexray", "variable": "DVDI_VOLUME_MOUNTPOINT", "mode": "RW",
                "must_exist": false, "options": {"size": "5", "password": "***"}},
               {"name": "lg", "driver": "local", "path": "$MESOS_SANDBOX/logs",
                "variable": "DVDI_VOLUME_MOUNTPOINT1", "mode": "RW", "must_exist": true, "options": {}}]},
             {"app": "/web", "volumes": [
               {"name": "w", "driver": "pxd", "path": "/data", "variable": "DVDI_VOLUME_MOUNTPOINT",
                "mode": "RW", "must_exist": false, "options": {"token": "***"}}]},
             {"app": "/plain", "volumes": []}]
            """),
        tree(out));
  }

  @Test
  void planServesAnImageWhichTaskCannot() throws IOException {
    String app = file("a.json", CONTAINER);
    assertEquals(0, run("plan", app));
    assertEquals(1, run("task", app));
    assertEquals(
        "dvdi: error: " + app + ": container.docker.image is 'alpine'; images need a Mesos agent\n",
        err);
  }

  @Test
  void eleventhVolumeHasNoVariable() throws IOException {
    List<String> volumes = new ArrayList<>();
    for (int i = 0; i < 11; i++) {
      volumes.add(
          """
          {"containerPath": "p%d", "mode": "RW",
           "external": {"provider": "dvdi", "name": "v%d", "options": {"dvdi/driver": "d"}}}\
          """
              .formatted(i, i));
    }
    String app =
        """
        {"id": "a", "cmd": "true", "container": {"type": "MESOS", "volumes": [%s]}}\
        """
            .formatted(String.join(",", volumes));
    assertEquals(0, run("plan", "--json", file("a.json", app)));
    assertEquals("DVDI_VOLUME_MOUNTPOINT9", tree(out).at("/0/volumes/9/variable").textValue());
    assertEquals("v10", tree(out).at("/0/volumes/10/name").textValue());
    assertFalse(tree(out).at("/0/volumes/10").has("variable"));
  }

  @Test
  void defaultDriverIsForVolumesThatNameNone() throws IOException {
    assertEquals(0, run("plan", "--json", "--default-driver=nfs", file("a", VARIABLES)));
    assertEquals("nfs", tree(out).at("/0/volumes/0/driver").textValue());
    assertEquals("local", tree(out).at("/0/volumes/1/driver").textValue());
  }

  @Test
  void defaultDriverIsThatOfTheAgentsModulesFile() throws IOException {
    String modules =
        file(
            "modules.json",
            """
            {"libraries": [{"file": "other.so"}, {"file": "x.so", "modules": [
              {"name": "org_other", "parameters": [{"key": "default_driver", "value": "other"}]},
              {"name": "com_emc_mesos_DockerVolumeDriverIsolator",
               "parameters": [{"key": "state_dir", "value": "/s"}, {"key": "default_driver", "value": "nfs"}]}]}]}
            """);
    assertEquals(0, run("plan", "--json", "--modules", modules, file("a", VARIABLES)));
    assertEquals("nfs", tree(out).at("/0/volumes/0/driver").textValue());
    assertEquals("local", tree(out).at("/0/volumes/1/driver").textValue());
  }

  @Test
  void modulesFileThatCannotBeReadIsSaid() throws IOException {
    String broken = file("m", "[1,\n {");
    assertEquals(2, run("plan", "--modules", broken, file("a", VARIABLES)));
    assertTrue(err.startsWith("dvdi: error: " + broken + ": line 2, column 3: "), err);
    assertEquals(2, run("plan", "--modules", "missing", file("a", VARIABLES)));
    assertTrue(err.startsWith("dvdi: error: missing: cannot be read: there is no such file"), err);
    // What is in it is for the agent to judge.
    assertEquals(0, run("plan", "--json", "--modules", file("n", "{}"), file("a", VARIABLES)));
    assertEquals("rexray", tree(out).at("/0/volumes/0/driver").textValue());
    assertEquals("", err);
  }

  @ParameterizedTest
  @ValueSource(strings = {"help", "--help", "-h"})
  void helpSaysWhatThereIs(String word) {
    assertEquals(0, run(word));
    assertEquals(Usage.TEXT, out);
    assertEquals("", err);
  }

  @Test
  void badUsageIsSaidWithAStatusOfItsOwn() {
    assertEquals(2, run("paln"));
    assertEquals("", out);
    assertEquals(
        "dvdi: error: there is no command 'paln'; there are task, plan and help; see bin/dvdi"
            + " --help\n",
        err);
  }

  @Test
  void outputThatCannotBeWrittenIsAnError() throws IOException {
    PrintStream full =
        new PrintStream(
            new OutputStream() {
              @Override
              public void write(int b) throws IOException {
                throw new IOException("No space left on device");
              }
            },
            false,
            UTF_8);
    ByteArrayOutputStream errBytes = new ByteArrayOutputStream();
    int status =
        new CommandLine(full, new PrintStream(errBytes, true, UTF_8)).run("task", file("a", PLAIN));
    assertEquals(1, status);
    assertTrue(errBytes.toString(UTF_8).contains("standard output cannot be written"));
  }
}
