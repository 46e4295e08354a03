// SPDX-License-Identifier: Apache-2.0
package io.dvdi.agent;

import static io.dvdi.agent.RcloneVolumes.untilTold;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.dvdi.agent.EmbeddedAgent.Run;
import io.dvdi.driver.dvdcli.DvdcliVolumes;
import io.dvdi.testing.RealMounts;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.CleanupMode;
import org.junit.jupiter.api.io.TempDir;

/**
 * From Marathon's JSON to the running task, as bin/dvdi goes: an app with volumes of three drivers,
 * each reached in its own way.
 */
class ThreeDriversIT {
  @RegisterExtension final RealMounts mounts = new RealMounts();

  @TempDir(cleanup = CleanupMode.ON_SUCCESS)
  Path folder;

  private RcloneVolumes rclone;
  private DvdcliVolumes dvdcli;
  private EmbeddedAgent agent;
  private Path books;

  @BeforeEach
  void create() throws Exception {
    rclone = new RcloneVolumes(folder);
    dvdcli = new DvdcliVolumes("nas", mounts.newFolder("dvdcli"), mounts.tmpfs("store", "size=8m"));
    books = Files.createDirectories(folder.resolve("srv/books"));
    Files.writeString(books.resolve("title"), "to be read\n");
    agent =
        rclone
            .agent(folder)
            .parameter("dvdcli", dvdcli.program().toString())
            .parameter("local_devices", folder.resolve("srv") + "/");
  }

  @AfterEach
  void end() throws Exception {
    agent.close();
    rclone.close();
    dvdcli.close();
  }

  private static String volume(String name, String driver, String options) {
    return """
    {"containerPath":"%s","mode":"RW","external":{"provider":"dvdi","name":"%s","shared":true,
      "options":{"dvdi/driver":"%s",%s}}}\
    """
        .formatted(name, name, driver, options);
  }

  private static String option(String name, String value) {
    return "\"dvdi/%s\":\"%s\"".formatted(name, value);
  }

  private Path app(String id, String command, String... volumes) throws Exception {
    return Files.writeString(
        folder.resolve(id + ".json"),
        """
        {"id":"/shop/%s","cmd":%s,"cpus":0.1,"mem":32,"instances":1,
         "upgradeStrategy":{"minimumHealthCapacity":0,"maximumOverCapacity":0},
         "container":{"type":"MESOS","volumes":[%s]}}
        """
            .formatted(id, EmbeddedAgent.quoted(command), String.join(",", volumes)));
  }

  /** The tasks that Marathon would make of apps, as bin/dvdi hands them to the agent. */
  private static String tasks(Path... apps) throws Exception {
    List<String> command = new ArrayList<>();
    command.add(System.getenv("JAVA_HOME") + "/bin/java");
    command.addAll(List.of("-p", EmbeddedAgent.DIST.resolve("lib/dvdi").toString()));
    command.addAll(List.of("-m", "io.dvdi/io.dvdi.cli.Main", "run"));
    command.addAll(List.of("--state-dir=/nonexistent", "--library=none"));
    for (Path app : apps) {
      command.add(app.toString());
    }
    Process process =
        new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT).start();
    String said = new String(process.getInputStream().readAllBytes(), UTF_8);
    assertEquals(0, process.waitFor());
    return said.substring(said.indexOf("\ntask=") + 1);
  }

  @Test
  void anAppHasThreeVolumesOneSharedWithAnotherAppAndOneReadOnly() throws Exception {
    String shared =
        volume("letters", "rclone", option("remote", ":local:" + rclone.source("letters")));
    Path shop =
        app(
            "shop",
            untilTold("shop", folder)
                + "; cat books/title; echo x > books/x || echo books are read-only;"
                + " echo stored > archive/file; cat letters/letter;"
                + " for v in books letters archive; do stat -f -c \"$v %T\" $v; done",
            volume(
                "books",
                "local",
                String.join(
                    ",",
                    option("type", "none"),
                    option("o", "bind,ro"),
                    option("device", books.toString()))),
            shared,
            volume("archive", "nas", option("remote", ":local:" + dvdcli.source("archive"))));
    Path post = app("post", untilTold("post", folder) + "; echo a letter > letters/letter", shared);

    Run run = agent.start(tasks(shop, post));
    run.awaitOutput("shop runs");
    run.awaitOutput("post runs");
    assertEquals(2, agent.mounts().size(), "local's and the plugin's");
    assertEquals(1, dvdcli.mounts().size());
    Files.createFile(folder.resolve("end-post"));
    run.awaitLog("'letters' (driver rclone) is still held by");
    Files.createFile(folder.resolve("end-shop"));

    assertEquals(0, run.status(), run.logText());
    assertTrue(
        run.output()
            .contains(
                """
                to be read
                books are read-only
                a letter
                """),
        run.output());
    assertTrue(run.output().contains("letters fuse"), run.output());
    assertEquals("stored\n", Files.readString(dvdcli.source("archive").resolve("file")));
    assertEquals(
        1, run.logText().split("'letters' \\(driver rclone\\) is mounted at", -1).length - 1);
    agent.leavesNothing();
    assertEquals(List.of(), dvdcli.mounts());
  }
}
