// SPDX-License-Identifier: Apache-2.0
package io.dvdi.agent;

import static io.dvdi.agent.EmbeddedAgent.eventually;
import static io.dvdi.agent.RcloneVolumes.untilTold;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.dvdi.agent.EmbeddedAgent.Run;
import io.dvdi.driver.dvdcli.DvdcliVolumes;
import io.dvdi.testing.RealMounts;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.CleanupMode;
import org.junit.jupiter.api.io.TempDir;

/**
 * Tasks whose volumes dvdcli mounts: the real one and rclone where it is installed (see Dvdcli),
 * else the script that does as it does.
 */
class DvdcliIT {
  @RegisterExtension final RealMounts mounts = new RealMounts();

  @TempDir(cleanup = CleanupMode.ON_SUCCESS)
  Path folder;

  private DvdcliVolumes volumes;
  private EmbeddedAgent agent;

  @BeforeEach
  void create() throws Exception {
    volumes =
        new DvdcliVolumes("nas", mounts.newFolder("dvdcli"), mounts.tmpfs("store", "size=8m"));
    agent =
        new EmbeddedAgent(folder)
            .parameter("volume_service", "dvdcli")
            .parameter("dvdcli", volumes.program().toString());
  }

  @AfterEach
  void end() throws Exception {
    agent.close();
    volumes.close();
  }

  private String task(String name, String command) throws Exception {
    return EmbeddedAgent.task(
        name,
        command,
        "DVDI_VOLUME_NAME",
        "data",
        "DVDI_VOLUME_DRIVER",
        "nas",
        "DVDI_VOLUME_OPTS",
        volumes.options("data"),
        "DVDI_VOLUME_CONTAINERPATH",
        "data");
  }

  private void leavesNothing() throws Exception {
    agent.leavesNothing();
    assertEquals(List.of(), volumes.mounts());
  }

  private String file(String name) throws Exception {
    return Files.readString(volumes.source("data").resolve(name));
  }

  @Test
  void twoTasksShareAVolumeThatGoesWithTheLastOfThem() throws Exception {
    Run run =
        agent.start(
            task("a", untilTold("a", folder)),
            task("b", untilTold("b", folder) + "; echo late > data/b"));
    run.awaitOutput("a runs");
    run.awaitOutput("b runs");
    assertEquals(1, volumes.mounts().size());
    Files.createFile(folder.resolve("end-a"));
    run.awaitLog("is still held by");
    assertEquals(1, volumes.mounts().size());
    Files.createFile(folder.resolve("end-b"));

    assertEquals(0, run.status(), run.logText());
    assertEquals("late\n", file("b"));
    leavesNothing();
    assertEquals(1, run.logText().split("uses dvdcli ", -1).length - 1);

    Run next = agent.start(task("c", "cat data/b"));
    assertEquals(0, next.status(), next.logText());
    assertEquals("late\n", next.output());
    leavesNothing();
  }

  @Test
  void ofAnAgentThatWasKilledTheNextKeepsWhatATaskUsesAndUnmountsItAfterwards() throws Exception {
    Run killed = agent.start(task("t", untilTold("t", folder) + "; echo at the end > data/file"));
    killed.awaitOutput("t runs");
    killed.process().destroyForcibly();
    killed.status();
    assertEquals(1, agent.records().size());

    Run next = agent.start();
    assertEquals(0, next.status(), next.logText());
    assertTrue(next.logText().contains("is still held by"), next.logText());
    assertEquals(1, volumes.mounts().size());

    Files.createFile(folder.resolve("end-t"));
    eventually("the task has ended", () -> !RcloneVolumes.runs("t", folder));
    Run last = agent.start();
    assertEquals(0, last.status(), last.logText());
    assertEquals("at the end\n", file("file"));
    leavesNothing();
  }

  @Test
  void aTaskThatNamesAnotherDvdcliIsRefusedAndNothingRuns() throws Exception {
    Path other = folder.resolve("other-dvdcli");
    Files.writeString(other, "#!/bin/sh\ntouch " + folder + "/it-ran\n");
    assertTrue(other.toFile().setExecutable(true));
    Run run =
        agent.start(
            EmbeddedAgent.task(
                "t",
                "echo it ran",
                "DVDI_VOLUME_NAME",
                "data",
                "DVDI_VOLUME_DRIVER",
                "nas",
                "DVDI_VOLUME_DVDCLI",
                other.toString()));
    assertEquals(1, run.status());
    assertTrue(run.logText().contains("only the operator chooses the program"), run.logText());
    assertFalse(Files.exists(folder.resolve("it-ran")));
    leavesNothing();
  }
}
