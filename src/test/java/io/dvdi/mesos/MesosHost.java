// SPDX-License-Identifier: Apache-2.0
package io.dvdi.mesos;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.dvdi.driver.plugin.Rclone;
import io.dvdi.testing.Eventually;
import io.dvdi.testing.MountTable;
import io.dvdi.testing.RealMounts;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.BeforeEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.RegisterExtension;

/**
 * A host for one test: a master, agents, a framework, and a volume plugin, in a folder of its own.
 * After the test nothing may be left of what the tasks had, nor of the agents; what is left all the
 * same is taken away, so that no other test sees it. Use with {@link RegisterExtension}.
 */
final class MesosHost implements BeforeEachCallback, AfterEachCallback {
  private static final AtomicInteger AGENTS = new AtomicInteger();

  private final RealMounts mounts = new RealMounts();
  private final List<MesosAgent> agents = new ArrayList<>();
  private @Nullable MesosMaster master;
  private @Nullable Framework framework;
  private @Nullable Rclone rclone;

  @Override
  public void beforeEach(ExtensionContext context) throws Exception {
    mounts.beforeEach(context);
    Path folder = mounts.folder();
    // Tasks of other users have to reach their sandboxes.
    Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwx--x--x"));
    // As on hosts with systemd, where all mounts are shared: what a container mounts must not be
    // seen here.
    mounts.mount("--bind", folder.toString(), folder.toString());
    mounts.mount("--make-shared", folder.toString());
    MesosMaster started = new MesosMaster(folder.resolve("master"));
    master = started;
    framework = new Framework(started.port());
  }

  private static <T> T present(@Nullable T value) {
    if (value == null) {
      throw new IllegalStateException("only within a test");
    }
    return value;
  }

  Framework framework() {
    return present(framework);
  }

  Path folder() {
    return mounts.folder();
  }

  /** An agent that is not started yet. */
  MesosAgent newAgent() throws IOException {
    int number = AGENTS.incrementAndGet();
    MesosAgent agent =
        new MesosAgent(
            mounts.folder().resolve("agent-" + number),
            "dvdi-test-" + ProcessHandle.current().pid() + "-" + number,
            present(master).port());
    agent.parameter("plugin_sockets", pluginSockets().toString());
    agents.add(agent);
    return agent;
  }

  /** Where agents look for volume plugins. */
  Path pluginSockets() throws IOException {
    return Files.createDirectories(mounts.folder().resolve("plugins"));
  }

  /** Starts rclone, a volume plugin. */
  Rclone startRclone() throws Exception {
    return startRclone(pluginSockets());
  }

  Rclone startRclone(Path sockets) throws Exception {
    Rclone started = new Rclone(mounts.folder().resolve("rclone"), sockets.resolve("rclone.sock"));
    rclone = started;
    return started;
  }

  /** A volume of rclone, whose files are those of a folder of this host. */
  TaskVolume rcloneVolume(String name, String path) throws IOException {
    return TaskVolume.of("rclone", name, path)
        .option("remote", ":local:" + present(rclone).source(name))
        .option("allow_other", "true");
  }

  /** Fails if anything is left of tasks that have ended. Agents, if they run, go on. */
  void hasNothingLeftOfTasks() throws Exception {
    for (MesosAgent agent : agents) {
      if (agent.isAlive()) {
        agent.awaitContainers(0);
      }
    }
    // The kernel frees a loop device after its last user, and an unmount may be tried again.
    Eventually.holds("nothing is left: " + leftOfTasks(), () -> leftOfTasks().isEmpty());
  }

  private List<String> leftOfTasks() throws IOException {
    List<String> left = new ArrayList<>();
    for (MountTable.Line line : MountTable.under(mounts.folder())) {
      boolean ofMesos = agents.stream().anyMatch(agent -> agent.workDir().equals(line.at()));
      if (!ofMesos && !line.at().equals(mounts.folder())) {
        left.add("mount " + line.at());
      }
    }
    mounts.loopDevices().forEach(device -> left.add("loop device " + device));
    for (MesosAgent agent : agents) {
      agent.records().forEach(record -> left.add("record " + record));
      Cgroups.below(agent.cgroup()).forEach(cgroup -> left.add("cgroup " + cgroup));
    }
    return left;
  }

  @Override
  public void afterEach(ExtensionContext context) throws Exception {
    boolean passed = false;
    try {
      if (context.getExecutionException().isEmpty()) {
        hasNothingLeftOfTasks();
        endInPeace();
        assertEquals(List.of(), leftOfAgents(), "left of agents");
        passed = true;
      }
    } finally {
      try {
        if (!passed) {
          keepLogs(context);
        }
        clear();
      } finally {
        mounts.afterEach(context);
      }
    }
  }

  /** For a person who has to find out why the test failed. */
  private void keepLogs(ExtensionContext context) throws IOException {
    String method = context.getRequiredTestMethod().getName();
    String display = context.getDisplayName().replaceAll("[^A-Za-z0-9_]+", "-");
    String test = display.startsWith(method) ? method : method + display;
    Path kept =
        Installation.REPORTS.resolve(context.getRequiredTestClass().getSimpleName() + "." + test);
    Files.createDirectories(kept);
    for (MesosAgent agent : agents) {
      for (Daemon run : agent.runs()) {
        String name = agent.folder().getFileName() + "-" + run.logFile().getFileName();
        Files.copy(run.logFile(), kept.resolve(name), StandardCopyOption.REPLACE_EXISTING);
      }
    }
  }

  private void endInPeace() throws Exception {
    framework().close();
    for (MesosAgent agent : agents) {
      if (agent.isAlive()) {
        agent.run().signal("USR1");
        assertEquals(0, agent.run().status(), () -> agent.run().tail());
      }
    }
    if (rclone != null) {
      rclone.close();
    }
    present(master).end();
  }

  private List<String> leftOfAgents() throws IOException {
    List<String> left = leftOfTasks();
    for (MesosAgent agent : agents) {
      Processes.of(agent.cgroup()).forEach(process -> left.add("process " + process));
      try (Stream<Path> files = Files.list(agent.folder())) {
        files
            .filter(file -> file.getFileName().toString().matches("hs_err.*|core.*|replay.*"))
            .forEach(file -> left.add("crash report " + file));
      }
    }
    return left;
  }

  /** Also what a failed test left. */
  private void clear() throws Exception {
    for (MesosAgent agent : agents) {
      for (Daemon run : agent.runs()) {
        run.killNine();
      }
      Cgroups.kill(agent.cgroup());
    }
    if (rclone != null) {
      rclone.close();
    }
    if (master != null) {
      master.end();
    }
    for (MesosAgent agent : agents) {
      Eventually.holds(
          "the cgroups of an agent are empty",
          () -> {
            try {
              Cgroups.remove(agent.cgroup());
              return true;
            } catch (IOException e) {
              return false;
            }
          });
    }
  }
}
