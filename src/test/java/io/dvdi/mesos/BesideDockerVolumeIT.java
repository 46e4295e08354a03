// SPDX-License-Identifier: Apache-2.0
package io.dvdi.mesos;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** An agent that runs Mesos' own isolator docker/volume beside this module, or ran it before. */
@Tag("mesos")
class BesideDockerVolumeIT {
  @RegisterExtension final MesosHost host = new MesosHost();

  private Path mountpoint;
  private Path calls;
  private Path dvdcli;
  private Path checkpoint;
  private MesosAgent agent;
  private Framework framework;

  @BeforeEach
  void start() throws Exception {
    Path programs = Files.createDirectories(host.folder().resolve("programs"));
    mountpoint = Files.createDirectories(host.folder().resolve("from-dvdcli"));
    calls = host.folder().resolve("calls");
    dvdcli = Files.writeString(programs.resolve("dvdcli"), standIn());
    Files.setPosixFilePermissions(dvdcli, PosixFilePermissions.fromString("rwxr-xr-x"));
    agent = host.newAgent().parameter("dvdcli", dvdcli.toString());
    checkpoint = agent.folder().resolve("docker-volume");
    agent
        .isolation("filesystem/linux", "docker/runtime", "docker/volume", Installation.MODULE)
        .flag("docker_volume_checkpoint_dir", checkpoint.toString())
        .variable("PATH", programs + ":" + System.getenv("PATH"));
    framework = host.framework();
  }

  /** A dvdcli that has one volume, writes down what it changes, and says where the volume is. */
  private String standIn() {
    return """
    #!/bin/sh
    case $1 in
      mount)
        mount -t tmpfs tmpfs %1$s && touch %1$s/of-docker-volume && echo %1$s
        echo "$@" >> %2$s ;;
      unmount)
        umount %1$s
        echo "$@" >> %2$s ;;
      path) echo %1$s ;;
      get | list) echo w ;;
    esac
    """
        .formatted(mountpoint, calls);
  }

  private static TaskVolume tmpfs(String path) {
    return TaskVolume.of("local", "v", path).option("type", "tmpfs");
  }

  @Test
  void containerVolumesAreLeftToItAndVariablesAreServedAndTheLogSaysSo() throws Exception {
    agent.start();
    framework.launch(
        agent.id(),
        new MesosTask(
                "t", "test -e theirs/of-docker-volume && grep -q \" $PWD/ours tmpfs\" /proc/mounts")
            .with(TaskVolume.of("other", "w", "theirs"))
            .with(TaskVolume.Form.VARIABLES, tmpfs("ours")));

    framework.ended("t", "TASK_FINISHED");

    assertTrue(agent.run().log().contains("docker/volume"), () -> agent.run().tail());
    host.hasNothingLeftOfTasks();
    assertEquals(
        "mount --volumedriver=other --volumename=w\nunmount --volumedriver=other --volumename=w\n",
        Files.readString(calls));
  }

  @Test
  void aVolumeInBothFormsIsMountedByNeither() throws Exception {
    agent.start();
    framework.launch(
        agent.id(),
        new MesosTask("t", "echo it ran")
            .with(tmpfs("theirs"))
            .with(TaskVolume.Form.VARIABLES, tmpfs("ours")));

    Status status = framework.ended("t", "TASK_FAILED");

    assertTrue(
        status.message().contains("'v' (driver local) is asked for in two forms"),
        status::toString);
  }

  @Test
  void whatItMountedIsTakenOverByAnAgentThatRunsThisModuleInItsPlace() throws Exception {
    agent.withoutModule().isolation("filesystem/linux", "docker/runtime", "docker/volume").start();
    framework.launch(
        agent.id(),
        new MesosTask("t", "test -e data/of-docker-volume && sleep 1000")
            .with(TaskVolume.of("other", "w", "data")));
    framework.running("t");

    agent.run().killNine();
    agent
        .withModule()
        .parameter("volume_service", "dvdcli")
        .parameter("import_docker_volume", checkpoint.toString())
        .start();

    assertEquals(1, agent.records().size());
    framework.kill("t");
    framework.ended("t", "TASK_KILLED");
    host.hasNothingLeftOfTasks();
    assertEquals(
        "mount --volumedriver=other --volumename=w\nunmount --volumedriver=other --volumename=w\n",
        Files.readString(calls));
  }
}
