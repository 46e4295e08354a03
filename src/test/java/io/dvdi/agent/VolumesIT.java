// SPDX-License-Identifier: Apache-2.0
package io.dvdi.agent;

import static io.dvdi.agent.EmbeddedAgent.localTask;
import static io.dvdi.agent.EmbeddedAgent.task;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.dvdi.agent.EmbeddedAgent.Run;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.CleanupMode;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Tasks with volumes, from the task's JSON to its output: the whole module in the embedded agent.
 */
class VolumesIT {
  @TempDir(cleanup = CleanupMode.ON_SUCCESS)
  Path folder;

  EmbeddedAgent agent;

  @BeforeEach
  void create() {
    agent = new EmbeddedAgent(folder);
  }

  @AfterEach
  void end() {
    agent.close();
  }

  @ParameterizedTest
  @ValueSource(strings = {"ext4", "xfs"})
  void aFileSystemInAFileKeepsItsFilesBetweenRuns(String type) {
    String task =
        localTask(
            "writer",
            "echo line >> $DVDI_VOLUME_MOUNTPOINT/file && cat data/file && stat -f -c %T data",
            "pg",
            "size=1,newfstype=" + type);
    Run first = agent.start(task);
    assertEquals(0, first.status(), first.logText());
    Run second = agent.start(task);
    assertEquals(0, second.status(), second.logText());
    assertTrue(second.output().startsWith("line\nline\n"), second.output());
    assertTrue(second.output().contains(type.equals("xfs") ? "xfs" : "ext2/ext3"), second.output());
    assertTrue(second.logText().contains(": " + type + ", "), second.logText());
    agent.leavesNothing();
  }

  @Test
  void overwritefsWipesTheVolumeAtEachMount() {
    String write = "echo x > data/file";
    assertEquals(0, agent.start(localTask("a", write, "pg", "size=1")).status());
    Run second =
        agent.start(localTask("b", "test ! -e data/file", "pg", "size=1,overwritefs=true"));
    assertEquals(0, second.status(), second.logText());
    agent.leavesNothing();
  }

  @Test
  void aTmpfsHasTheSizeThatWasAskedFor() {
    Run run =
        agent.start(
            localTask(
                "t",
                "df --output=size -B1 data | tail -1",
                "scratch",
                "type=tmpfs,o=size=4m\\,mode=1777"));
    assertEquals(0, run.status(), run.logText());
    assertEquals("4194304", run.output().strip());
    agent.leavesNothing();
  }

  @Test
  void aBindShowsAFolderThatTheOperatorAllows() throws IOException {
    Path shared = Files.createDirectories(folder.resolve("srv/shared"));
    Files.writeString(shared.resolve("file"), "from the host");
    agent.parameter("local_devices", folder.resolve("srv") + "/");
    Run run =
        agent.start(localTask("t", "cat data/file", "b", "type=none,o=bind,device=" + shared));
    assertEquals(0, run.status(), run.logText());
    assertEquals("from the host", run.output());
    agent.leavesNothing();
  }

  @Test
  void aBindThatTheOperatorDoesNotAllowIsRefused() {
    Run run = agent.start(localTask("t", "cat data/shadow", "b", "type=none,o=bind,device=/etc"));
    assertEquals(1, run.status());
    assertEquals("", run.output());
    assertTrue(run.logText().contains("local_devices"), run.logText());
    agent.leavesNothing();
  }

  @Test
  void aPlainDirectoryNeedsTheOperatorsWord() {
    String task = localTask("t", "echo x >> data/f; cat data/f", "plain", "");
    Run refused = agent.start(task);
    assertEquals(1, refused.status());
    assertTrue(refused.logText().contains("plain_directories"), refused.logText());
    agent.parameter("plain_directories", "local");
    assertEquals(0, agent.start(task).status());
    Run second = agent.start(task);
    assertEquals(0, second.status(), second.logText());
    assertEquals("x\nx\n", second.output());
    agent.leavesNothing();
  }

  @Test
  void aReadOnlyVolumeOfContainerInfoCannotBeWritten() {
    String volume =
        """
        {"name":"ro","task_id":{"value":"ro"},
         "command":{"value":"ls -d data/lost+found; touch data/x"},
         "container":{"type":"MESOS","volumes":[{"container_path":"data","mode":"RO",
           "source":{"type":"DOCKER_VOLUME","docker_volume":{"driver":"local","name":"pg",
             "driver_options":{"parameter":[{"key":"size","value":"1"}]}}}}]}}
        """;
    Run run = agent.start(volume);
    assertEquals(1, run.status());
    assertEquals("data/lost+found\n", run.output().lines().findFirst().orElse("") + "\n");
    assertTrue(run.logText().contains("Read-only file system"), run.logText());
    agent.leavesNothing();
  }

  @ParameterizedTest
  @ValueSource(strings = {"first", "second"})
  void twoTasksOnOneVolumeMountOnceAndUnmountOnceWhicheverEndsFirst(String endsFirst) {
    String command =
        "touch data/$ME.here; while [ ! -e data/first.here ] || [ ! -e data/second.here ]; do sleep"
            + " 0.02; done; if [ $ME = "
            + endsFirst
            + " ]; then touch data/ended; else while [ ! -e data/ended ]; do sleep 0.02; done;"
            + " sleep 0.3; test -d data/lost+found && touch data/still-there && echo still there;"
            + " fi";
    Run run =
        agent.start(
            localTask("first", "ME=first; " + command, "shared", "size=1"),
            localTask("second", "ME=second; " + command, "shared", "size=1"));
    assertEquals(0, run.status(), run.logText());
    assertEquals("still there\n", run.output());
    assertEquals(1, count(run, "(driver local) is mounted at"));
    assertEquals(1, count(run, "(driver local) is unmounted"));
    agent.leavesNothing();
  }

  private static long count(Run run, String text) {
    return run.logText().lines().filter(line -> line.contains(text)).count();
  }

  @Test
  void oneOfThreeVolumesFailingLeavesNothing() {
    Run run =
        agent.start(
            task(
                "t",
                "echo it ran",
                "DVDI_VOLUME_DRIVER",
                "local",
                "DVDI_VOLUME_NAME",
                "a",
                "DVDI_VOLUME_OPTS",
                "size=1",
                "DVDI_VOLUME_DRIVER1",
                "local",
                "DVDI_VOLUME_NAME1",
                "b",
                "DVDI_VOLUME_OPTS1",
                "type=tmpfs,o=size=x",
                "DVDI_VOLUME_DRIVER2",
                "local",
                "DVDI_VOLUME_NAME2",
                "c",
                "DVDI_VOLUME_OPTS2",
                "type=tmpfs"));
    assertEquals(1, run.status());
    assertEquals("", run.output());
    assertTrue(
        run.logText().contains("'b' (driver local)") && run.logText().contains("EINVAL"),
        run.logText());
    agent.leavesNothing();
  }

  @Test
  void aTaskWithoutContainerPathUsesItsVolumeWhereItIsMounted() {
    Run run =
        agent.start(
            task(
                "t", "touch $DVDI_VOLUME_MOUNTPOINT3/x && echo $DVDI_VOLUME_MOUNTPOINT3",
                "DVDI_VOLUME_NAME3", "v",
                "DVDI_VOLUME_DRIVER3", "local",
                "DVDI_VOLUME_OPTS3", "type=tmpfs"));
    assertEquals(0, run.status(), run.logText());
    assertEquals(folder.resolve("local/v/mount").toString(), run.output().strip());
    agent.leavesNothing();
  }

  @Test
  void lettersBeyondAsciiNeedALocaleThatHasThemAndTheMessageSaysSo() throws IOException {
    String task =
        task(
            "t", "echo ok > größe/x; cat größe/x",
            "DVDI_VOLUME_NAME", "v",
            "DVDI_VOLUME_DRIVER", "local",
            "DVDI_VOLUME_OPTS", "size=1",
            "DVDI_VOLUME_CONTAINERPATH", "größe");
    agent.variable("LC_ALL", "C");
    Run refused = agent.start(task);
    assertEquals(1, refused.status());
    assertTrue(refused.logText().contains("LC_ALL=C.UTF-8"), refused.logText());
    agent.leavesNothing();
    agent.variable("LC_ALL", "C.UTF-8");
    Run run = agent.start(task);
    assertEquals(0, run.status(), run.logText());
    assertEquals("ok\n", run.output());
    agent.leavesNothing();
  }

  @Test
  void optionValuesAreNeverSaid() {
    Run run =
        agent.start(
            localTask("t", "true", "v", "type=nfs,device=127.0.0.1:/x,o=password=s3cret-value"),
            localTask("u", "true", "w", "type=tmpfs,o=s3cret-value"),
            localTask("w", "true", "x", "password=s3cret-value"));
    assertEquals(1, run.status());
    assertFalse(run.logText().contains("s3cret"), run.logText());
    agent.leavesNothing();
  }

  @Test
  void withSanitizersNothingIsFound() throws Exception {
    Path build = EmbeddedAgent.DIST.resolveSibling("c-sanitize");
    assertTrue(Files.exists(build.resolve("dvdi-agent")), "built by mvn verify: " + build);
    // The JVM handles SIGSEGV itself, and never frees what it has until the process ends.
    agent
        .build(build)
        // After fork(2), the sanitizer's allocator can wait for ever for a lock that another thread
        // had. The JDK's helper program has no sanitizer.
        .parameter("jvm_options", "-Djdk.lang.Process.launchMechanism=POSIX_SPAWN")
        .variable("ASAN_OPTIONS", "handle_segv=0:detect_leaks=0:abort_on_error=0:exitcode=99");
    Run run =
        agent.start(
            localTask("a", "echo from a", "v", "size=1"),
            localTask("b", "echo from b", "v", "size=1"),
            localTask("c", "exit 7", "w", "type=tmpfs"),
            localTask("bad", "true", "x", "nonsense=1"));
    int status = run.status();
    assertTrue(List.of(1, 7).contains(status), status + run.logText());
    assertFalse(
        run.logText().contains("Sanitizer") || run.logText().contains("runtime error"),
        run.logText());
    agent.leavesNothing();
  }
}
