// SPDX-License-Identifier: Apache-2.0
package io.dvdi.mesos;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/**
 * Ten minutes of hostile tasks and plugins beside twenty innocent tasks: none of these fails, the
 * agent lives, every volume is released, and the agent holds as much as after two minutes.
 */
@Tag("mesos-soak")
class SoakIT {
  private static final Duration WARM = Duration.ofMinutes(2);
  private static final Duration LENGTH = Duration.ofMinutes(10);
  private static final Duration RELEASE = Duration.ofMinutes(6);
  private static final int INNOCENT = 20;

  /** More than there may be Mounts of one driver under way. */
  private static final int STUCK_MOUNTS = 300;

  private static final String SECRET = "hunter2hunter2";

  @RegisterExtension final MesosHost host = new MesosHost();

  private final List<String> hostile = new ArrayList<>();
  private int round;

  @Test
  void hostileTasksAndPluginsHarmNobodyElse() throws Exception {
    host.startRclone();
    try (HostilePlugins plugins = new HostilePlugins(host.pluginSockets())) {
      MesosAgent agent = agent().parameter("mount_timeout", "10secs").start();
      MesosAgent control = agent().withoutModule().start();
      List<String> innocent = startInnocent(agent);
      stickMounts(agent);

      long start = System.nanoTime();
      attackUntil(agent, control, start + WARM.toNanos());
      Held first = atRest(agent);
      long controlFirst = resident(control);
      attackUntil(agent, control, start + LENGTH.toNanos());
      Held last = atRest(agent);
      long controlGrowth = resident(control) - controlFirst;

      Measured.print("after two minutes: " + first + "; in the end: " + last);
      Measured.print(
          String.format(
              Locale.ROOT,
              "an agent without the module grew by %d MiB with the same requests",
              controlGrowth / 1024));
      Measured.print(
          String.format(Locale.ROOT, "%d hostile tasks in %d rounds", hostile.size(), round));
      for (String name : innocent) {
        host.framework().running(name);
        host.framework().kill(name);
        host.framework().ended(name, "TASK_KILLED");
      }
      plugins.mend();
      awaitRelease(agent);
      host.hasNothingLeftOfTasks();
      assertTrue(agent.isAlive());
      assertTrue(!agent.run().log().contains(SECRET), "a secret is in the agent's log");
      long allowed = first.residentKilobytes() / 10 + Math.max(0, controlGrowth);
      assertTrue(
          last.residentKilobytes() - first.residentKilobytes() <= allowed, first + "; " + last);
      assertEquals(first.threads(), last.threads(), 5, first + "; " + last);
      assertEquals(first.descriptors(), last.descriptors(), 5, first + "; " + last);
    }
  }

  /** Mesos keeps what it knows of tasks that have ended, 150 of each framework by default. */
  private MesosAgent agent() throws IOException {
    return host.newAgent().flag("max_completed_executors_per_framework", "10");
  }

  private static long resident(MesosAgent agent) throws Exception {
    return Held.by(agent.run().pid(), false).residentKilobytes();
  }

  /** Tasks that end if they cannot write and read what is in their volume. */
  private List<String> startInnocent(MesosAgent agent) throws Exception {
    List<String> names = IntStream.range(0, INNOCENT).mapToObj(i -> "innocent" + i).toList();
    for (String name : names) {
      TaskVolume volume =
          names.indexOf(name) % 2 == 0
              ? TaskVolume.of("local", name, "data").option("type", "tmpfs")
              : host.rcloneVolume("shared", "data");
      host.framework()
          .launch(
              agent.id(),
              new MesosTask(
                      name,
                      "while sleep 1; do date > data/%1$s.new && mv data/%1$s.new data/%1$s"
                              .formatted(name)
                          + " && [ -s data/%s ] || exit 1; done".formatted(name))
                  .resources(0.01, 32)
                  .with(volume));
    }
    for (String name : names) {
      host.framework().running(name);
    }
    return names;
  }

  /** From then on, a further Mount of that driver is refused: what it holds does not grow. */
  private void stickMounts(MesosAgent agent) throws Exception {
    for (int start = 0; start < STUCK_MOUNTS; start += INNOCENT) {
      List<MesosTask> tasks = new ArrayList<>();
      for (int i = start; i < start + INNOCENT; i++) {
        tasks.add(invented(HostilePlugins.STUCK, "stick" + i));
      }
      launch(agent, tasks);
      awaitHostile();
    }
  }

  private void attackUntil(MesosAgent agent, MesosAgent control, long end) throws Exception {
    while (System.nanoTime() < end) {
      List<MesosTask> tasks = new ArrayList<>(large("hostile-", "sleep 1000"));
      tasks.add(task("up").with(TaskVolume.of("local", "../../etc", "data")));
      tasks.add(task("over").with(TaskVolume.of("local", name("over"), "/usr/bin")));
      for (String driver : HostilePlugins.WRONG) {
        tasks.add(invented(driver, driver + round));
      }
      tasks.add(invented(HostilePlugins.SILENT, "silence" + round));
      tasks.add(invented(HostilePlugins.STUCK, "more" + round));
      launch(agent, tasks);
      String quick = "quick" + round;
      host.framework()
          .launch(
              agent.id(),
              new MesosTask(quick, "touch data/file")
                  .resources(0.01, 32)
                  .with(TaskVolume.of("local", quick, "data").option("type", "tmpfs")));
      host.framework().ended(quick, "TASK_FINISHED");
      awaitHostile();
      List<MesosTask> same = large("control-", "true");
      host.framework().launch(control.id(), same.toArray(MesosTask[]::new));
      same.forEach(task -> host.framework().ended(task.name()));
      round++;
    }
  }

  private void launch(MesosAgent agent, List<MesosTask> tasks) throws Exception {
    tasks.forEach(task -> hostile.add(task.name()));
    host.framework().launch(agent.id(), tasks.toArray(MesosTask[]::new));
  }

  private void awaitHostile() {
    for (String name : hostile.subList(Math.max(0, hostile.size() - INNOCENT), hostile.size())) {
      host.framework().ended(name, "TASK_FAILED");
    }
  }

  private String name(String kind) {
    return kind + round;
  }

  private MesosTask task(String kind) {
    return new MesosTask("hostile-" + name(kind), "sleep 1000").resources(0.01, 32);
  }

  private MesosTask invented(String driver, String name) {
    return new MesosTask("hostile-" + name, "sleep 1000")
        .resources(0.01, 32)
        .with(TaskVolume.of(driver, name, "data").option("password", SECRET));
  }

  /** Requests that are too large; an agent without the module runs the command, if it can. */
  private List<MesosTask> large(String prefix, String command) {
    MesosTask variables = new MesosTask(prefix + name("variables"), command);
    for (int i = 0; i < 20_000; i++) {
      variables.variable("DVDI_VOLUME_NAME" + i, "volume" + i);
    }
    MesosTask options =
        new MesosTask(prefix + name("options"), command)
            .variable("DVDI_VOLUME_NAME", name("options"))
            .variable("DVDI_VOLUME_OPTS", "o=size=1m,x=" + "y".repeat(4 << 20));
    MesosTask volumes = new MesosTask(prefix + name("volumes"), command);
    for (int i = 0; i < 300; i++) {
      volumes.with(TaskVolume.of("local", name("many") + i, "data" + i).option("type", "tmpfs"));
    }
    MesosTask longName =
        new MesosTask(prefix + name("long"), command)
            .with(TaskVolume.of("local", "n".repeat(100_000), "data").option("type", "tmpfs"));
    List<MesosTask> tasks = List.of(variables, options, volumes, longName);
    tasks.forEach(task -> task.resources(0.01, 32));
    return tasks;
  }

  /** An Unmount that failed is sent again after at most two minutes. */
  private static void awaitRelease(MesosAgent agent) throws Exception {
    long end = System.nanoTime() + RELEASE.toNanos();
    while (!agent.records().isEmpty() && System.nanoTime() < end) {
      Thread.sleep(1_000);
    }
  }

  /** What it holds with the innocent tasks alone, when idle threads have ended. */
  private Held atRest(MesosAgent agent) throws Exception {
    agent.awaitContainers(INNOCENT);
    Thread.sleep(65_000);
    return Held.by(agent.run().pid(), false);
  }
}
