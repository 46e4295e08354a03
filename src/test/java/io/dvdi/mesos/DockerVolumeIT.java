// SPDX-License-Identifier: Apache-2.0
package io.dvdi.mesos;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.dvdi.driver.plugin.Rclone;
import io.dvdi.mesos.TaskVolume.Form;
import io.dvdi.testing.Eventually;
import io.dvdi.testing.MountTable;
import io.dvdi.testing.RealMounts;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * What Mesos' own isolator docker/volume is tested for (docker_volume_isolator_tests.cpp, whose
 * names are given), with this module and real drivers: rclone and local. Each in both forms in
 * which a task can ask, apart from read-only volumes, for which there is no variable.
 */
@Tag("mesos")
class DockerVolumeIT {
  @RegisterExtension final MesosHost host = new MesosHost();

  private Rclone rclone;
  private MesosAgent agent;
  private Framework framework;

  @BeforeEach
  void start() throws Exception {
    rclone = host.startRclone();
    agent = host.newAgent().withImage().parameter("local_devices", host.folder() + "/");
    framework = host.framework();
  }

  /** A volume of the driver local that is a folder of the host with one file in it. */
  private TaskVolume bindVolume(String name, String file, String path) throws Exception {
    Path folder = Files.createDirectories(host.folder().resolve("srv").resolve(name));
    Files.writeString(folder.resolve(file), "from the host");
    return TaskVolume.of("local", name, path)
        .option("type", "none")
        .option("o", "bind")
        .option("device", folder.toString());
  }

  private void run(MesosTask... tasks) throws Exception {
    agent.start();
    framework.launch(agent.id(), tasks);
  }

  private void startedRanAndFinished(String task) {
    Status last = framework.ended(task, "TASK_FINISHED");
    assertEquals(
        List.of("TASK_STARTING", "TASK_RUNNING", "TASK_FINISHED"),
        framework.statuses(task).stream().map(Status::state).toList(),
        last::toString);
  }

  private long logged(String text) {
    return agent.run().log().lines().filter(line -> line.contains(text)).count();
  }

  /** Mounted for one task and unmounted after it. */
  private void wasMountedAndUnmounted(String volume) throws Exception {
    host.hasNothingLeftOfTasks();
    assertEquals(1, logged("volume '" + volume + "' (driver rclone) is mounted at"));
    assertEquals(1, logged("volume '" + volume + "' (driver rclone) is unmounted from"));
  }

  /** ROOT_CommandTaskNoRootfsWithVolumes. */
  @ParameterizedTest
  @EnumSource
  void aTaskWithoutImageSeesVolumesAtARelativeAndAtAnAbsolutePath(Form form) throws Exception {
    Files.writeString(rclone.source("name1").resolve("file1"), "from the plugin");
    Path absolute = Files.createDirectories(host.folder().resolve("foo2"));
    TaskVolume one = host.rcloneVolume("name1", "tmp/foo1");
    TaskVolume two = bindVolume("name2", "file2", absolute.toString());

    run(
        new MesosTask("t", "test -f tmp/foo1/file1 && test -f " + absolute + "/file2")
            .with(form, one, two));

    startedRanAndFinished("t");
    wasMountedAndUnmounted("name1");
    assertEquals(1, logged("volume 'name2' (driver local) is unmounted from"));
  }

  /** ROOT_CommandTaskNoRootfsFailedWithSameVolumes. */
  @ParameterizedTest
  @EnumSource
  void theSameVolumeAtTwoPathsFailsTheTask(Form form) throws Exception {
    TaskVolume volume = host.rcloneVolume("name", "tmp/foo1");

    run(new MesosTask("t", "echo it ran").with(form, volume, volume.at("tmp/foo2")));

    Status status = framework.ended("t", "TASK_FAILED");
    assertTrue(
        status.message().contains("volume 'name' (driver rclone) is requested twice"),
        status::message);
    assertEquals(0, logged("is mounted at"));
  }

  /** ROOT_CommandTaskNoRootfsSlaveRecovery. */
  @ParameterizedTest
  @EnumSource
  void aTaskOutlivesItsAgentAndTheNextOneUnmountsItsVolumes(Form form) throws Exception {
    TaskVolume one = host.rcloneVolume("name1", "tmp/foo1");
    TaskVolume two = bindVolume("name2", "file2", "tmp/foo2");
    run(new MesosTask("t", "sleep 1000").with(form, one, two));
    framework.running("t");

    agent.run().killNine();
    agent.start();

    assertEquals(1, agent.containers().size());
    assertEquals(2, agent.records().size());
    framework.kill("t");
    framework.ended("t", "TASK_KILLED");
    host.hasNothingLeftOfTasks();
    assertEquals(1, logged("volume 'name1' (driver rclone) is unmounted from"));
    assertEquals(1, logged("volume 'name2' (driver local) is unmounted from"));
  }

  /** ROOT_EmptyCheckpointFileSlaveRecovery. */
  @ParameterizedTest
  @EnumSource
  void anAgentRecoversFromAnEmptyRecord(Form form) throws Exception {
    run(new MesosTask("t", "sleep 1000").with(form, host.rcloneVolume("name", "data")));
    framework.running("t");
    agent.run().killNine();
    String record = agent.records().get(0);
    Files.writeString(agent.recordFolder().resolve(record), "");

    agent.start();

    framework.kill("t");
    framework.ended("t", "TASK_KILLED");
    agent.awaitContainers(0);
    // What the record knew is lost, and so the volume is left to a person, who is told.
    assertTrue(agent.run().log().contains(record + " cannot be read"), () -> agent.run().tail());
    assertEquals(List.of(record), agent.records());
    leftToAPerson("name");
    Files.delete(agent.recordFolder().resolve(record));
  }

  private void leftToAPerson(String volume) throws Exception {
    List<MountTable.Line> left =
        MountTable.under(host.folder().resolve("rclone/volumes").resolve(volume));
    assertEquals(1, left.size(), left::toString);
    RealMounts.run("umount", left.get(0).at().toString());
  }

  /** ROOT_CommandTaskNoRootfsSingleVolumeMultipleContainers. */
  @ParameterizedTest
  @EnumSource
  void twoTasksShareAVolumeThatIsUnmountedAfterTheLastOne(Form form) throws Exception {
    Files.writeString(rclone.source("name").resolve("file"), "shared");
    String command = "test -f data/file && sleep 1000";
    TaskVolume volume = host.rcloneVolume("name", "data");

    run(
        new MesosTask("first", command).with(form, volume),
        new MesosTask("second", command).with(form, volume));
    framework.running("first");
    framework.running("second");
    framework.kill("first");
    framework.ended("first", "TASK_KILLED");
    agent.awaitContainers(1);
    assertEquals(0, logged("is unmounted from"));
    framework.kill("second");
    framework.ended("second", "TASK_KILLED");

    wasMountedAndUnmounted("name");
  }

  /** ROOT_INTERNET_CURL_CommandTaskRootfsWithAbsolutePathVolume. */
  @ParameterizedTest
  @EnumSource
  void aTaskInAnImageSeesAVolumeAtAnAbsolutePathThatTheHostDoesNotHave(Form form) throws Exception {
    Files.writeString(rclone.source("name").resolve("file"), "in the image");

    run(
        new MesosTask("t", "test -f /foo/bar/file && test ! -e /usr")
            .image(BusyboxImage.NAME)
            .with(form, host.rcloneVolume("name", "/foo/bar")));

    startedRanAndFinished("t");
    wasMountedAndUnmounted("name");
    assertFalse(Files.exists(Path.of("/foo")));
  }

  /** ROOT_INTERNET_CURL_CommandTaskRootfsWithRelativeVolume. */
  @ParameterizedTest
  @EnumSource
  void aTaskInAnImageSeesAVolumeAtARelativePath(Form form) throws Exception {
    Files.writeString(rclone.source("name").resolve("file"), "in the image");

    run(
        new MesosTask("t", "test -f $MESOS_SANDBOX/tmp/foo/file")
            .image(BusyboxImage.NAME)
            .with(form, host.rcloneVolume("name", "tmp/foo")));

    startedRanAndFinished("t");
    wasMountedAndUnmounted("name");
  }

  /** ROOT_INTERNET_CURL_UNPRIVILEGED_USER_CommandTaskRootfs, with volume_owner. */
  @ParameterizedTest
  @EnumSource
  void aTaskOfAnotherUserInAnImageCanWriteItsVolume(Form form) throws Exception {
    agent.parameter("volume_owner", "task");
    TaskVolume volume = TaskVolume.of("local", "name", "/foo").option("size", "1");

    run(
        new MesosTask("t", "id -u && touch /foo/file && test -w /foo")
            .user("nobody")
            .image(BusyboxImage.NAME)
            .with(form, volume));

    startedRanAndFinished("t");
  }

  /** ROOT_CommandTaskNoRootfsWithReadOnlyVolume. */
  @Test
  void aReadOnlyVolumeCannotBeWritten() throws Exception {
    Files.writeString(rclone.source("name").resolve("file"), "as it was");

    run(
        new MesosTask("t", "echo hello > data/file")
            .with(host.rcloneVolume("name", "data").asReadOnly()));

    framework.ended("t", "TASK_FAILED");
    assertTrue(framework.statuses("t").stream().anyMatch(s -> s.state().equals("TASK_RUNNING")));
    assertEquals("as it was", Files.readString(rclone.source("name").resolve("file")));
    wasMountedAndUnmounted("name");
  }

  /** ROOT_INTERNET_CURL_CommandTaskRootfsWithReadOnlyVolume. */
  @Test
  void aReadOnlyVolumeCannotBeWrittenInAnImage() throws Exception {
    Files.writeString(rclone.source("name").resolve("file"), "as it was");

    run(
        new MesosTask("t", "echo hello > /data/file")
            .image(BusyboxImage.NAME)
            .with(host.rcloneVolume("name", "/data").asReadOnly()));

    framework.ended("t", "TASK_FAILED");
    assertTrue(framework.statuses("t").stream().anyMatch(s -> s.state().equals("TASK_RUNNING")));
    assertEquals("as it was", Files.readString(rclone.source("name").resolve("file")));
    wasMountedAndUnmounted("name");
  }

  /** ROOT_CommandTaskNoRootfsWithUnmountVolumeFailure. */
  @ParameterizedTest
  @EnumSource
  void aVolumeWhoseUnmountFailedIsUsedAgainAndUnmountedInTheEnd(Form form) throws Exception {
    TaskVolume volume = TaskVolume.of("local", "name", "data").option("size", "1");
    run(new MesosTask("first", "touch data/file && sleep 1").with(form, volume));
    Process user = inUseByTheHost(agent.localMount("name"));
    try {
      framework.ended("first", "TASK_FINISHED");
      agent.run().awaitLog("could not be unmounted");

      framework.launch(agent.id(), new MesosTask("second", "test -f data/file").with(form, volume));

      framework.ended("second", "TASK_FINISHED");
    } finally {
      user.destroyForcibly().waitFor();
    }
    host.hasNothingLeftOfTasks();
    assertEquals(1, logged("volume 'name' (driver local) is unmounted from"));
  }

  /** rclone forgets a mount when it cannot unmount it. */
  @Test
  void aVolumeOfAPluginWhoseUnmountFailedIsUnmountedInTheEnd() throws Exception {
    run(new MesosTask("t", "sleep 1").with(host.rcloneVolume("name", "data")));
    Process user = inUseByTheHost(host.folder().resolve("rclone/volumes/name"));
    try {
      framework.ended("t", "TASK_FINISHED");
      agent.run().awaitLog("could not be unmounted");
    } finally {
      user.destroyForcibly().waitFor();
    }

    host.hasNothingLeftOfTasks();
  }

  /** A process of the host that works in a volume while its task runs. */
  private Process inUseByTheHost(Path mountpoint) throws Exception {
    Eventually.holds("mounted", () -> MountTable.at(mountpoint).isPresent());
    return new ProcessBuilder("sleep", "1000").directory(mountpoint.toFile()).start();
  }
}
