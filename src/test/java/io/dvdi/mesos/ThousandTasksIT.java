// SPDX-License-Identifier: Apache-2.0
package io.dvdi.mesos;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.util.Locale;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** A thousand tasks in one agent: what it holds does not grow after the first hundred. */
@Tag("mesos-long")
class ThousandTasksIT {
  private static final int AT_ONCE = 20;

  @RegisterExtension final MesosHost host = new MesosHost();

  @Test
  void anAgentHoldsNoMoreAfterAThousandTasksThanAfterAHundred() throws Exception {
    host.startRclone();
    Growth ours = growth("with the module", agent(), true);
    // The agent's own memory grows too, by what it keeps of tasks that have ended.
    Growth control = growth("without it", agent().withoutModule(), false);

    Held first = ours.first();
    Held last = ours.last();
    assertTrue(last.threads() <= first.threads(), first + "; " + last);
    assertTrue(last.descriptors() <= first.descriptors(), first + "; " + last);
    assertTrue(last.heapKilobytes() <= first.heapKilobytes() * 1.1, first + "; " + last);
    long allowed = control.residentKilobytes() + first.residentKilobytes() / 20;
    assertTrue(ours.residentKilobytes() <= allowed, ours + "; " + control);
  }

  /** What a process held after a hundred tasks, and after a thousand. */
  private record Growth(Held first, Held last) {
    long residentKilobytes() {
      return last.residentKilobytes() - first.residentKilobytes();
    }
  }

  /** Mesos keeps what it knows of tasks that have ended, 150 of each framework by default. */
  private MesosAgent agent() throws IOException {
    return host.newAgent()
        .parameter("jvm_options", "-XX:-DisableAttachMechanism") // for jcmd
        .flag("max_completed_executors_per_framework", "10");
  }

  private Growth growth(String name, MesosAgent agent, boolean withVolumes) throws Exception {
    agent.start();
    run(agent, 0, 100, withVolumes);
    Held first = atRest(name, agent, 100, withVolumes);
    for (int tasks = 200; tasks <= 1000; tasks += 100) {
      run(agent, tasks - 100, tasks, withVolumes);
      print(name, tasks, Held.by(agent.run().pid(), withVolumes));
    }
    Held last = atRest(name, agent, 1000, withVolumes);
    agent.run().signal("TERM");
    int unused = agent.run().status();
    return new Growth(first, last);
  }

  private void run(MesosAgent agent, int from, int to, boolean withVolumes) throws Exception {
    for (int start = from; start < to; start += AT_ONCE) {
      MesosTask[] tasks = new MesosTask[AT_ONCE];
      for (int i = 0; i < AT_ONCE; i++) {
        String name = (withVolumes ? "t" : "c") + (start + i);
        tasks[i] =
            withVolumes
                ? new MesosTask(name, "ls shared && touch own/file")
                    .resources(0.01, 32)
                    .with(
                        host.rcloneVolume("shared", "shared"),
                        TaskVolume.of("local", "own" + i, "own").option("type", "tmpfs"))
                : new MesosTask(name, "true").resources(0.01, 32);
      }
      host.framework().launch(agent.id(), tasks);
      for (MesosTask task : tasks) {
        host.framework().ended(task.name(), "TASK_FINISHED");
      }
    }
    host.hasNothingLeftOfTasks();
  }

  /** What it holds when the module's idle threads have ended, which takes a minute. */
  private static Held atRest(String name, MesosAgent agent, int tasks, boolean withJvm)
      throws Exception {
    Thread.sleep(65_000);
    Held held = Held.by(agent.run().pid(), withJvm);
    print(name + ", a minute later", tasks, held);
    return held;
  }

  private static void print(String name, int tasks, Held held) throws IOException {
    Measured.print(String.format(Locale.ROOT, "%s, after %4d tasks: %s", name, tasks, held));
  }
}
