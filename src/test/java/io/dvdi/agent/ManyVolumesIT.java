// SPDX-License-Identifier: Apache-2.0
package io.dvdi.agent;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.dvdi.agent.EmbeddedAgent.Run;
import io.dvdi.driver.plugin.StandInPlugin;
import io.dvdi.linux.MountCalls;
import io.dvdi.testing.MountTable;
import io.dvdi.testing.RealMounts;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.CleanupMode;
import org.junit.jupiter.api.io.TempDir;

/** Slow storage: volumes do not wait for each other, and nobody else waits for them. */
class ManyVolumesIT {
  private static final int TASKS = 8;
  private static final int EACH = 32; // as many as a task may have
  private static final int VOLUMES = TASKS * EACH;
  private static final int TRIES = 5;
  private static final Duration TWO_SECONDS = Duration.ofSeconds(2);
  private static final Pattern MOUNTED = Pattern.compile("\\(driver slow\\) is mounted at");

  @RegisterExtension final RealMounts mounts = new RealMounts();

  @TempDir(cleanup = CleanupMode.ON_SUCCESS)
  Path folder;

  private final CountDownLatch allAsked = new CountDownLatch(VOLUMES);
  private Path root;
  private StandInPlugin plugin;
  private EmbeddedAgent agent;

  @BeforeEach
  void create() throws Exception {
    Path sockets = mounts.newFolder("sockets");
    root = mounts.newFolder("root");
    plugin = new StandInPlugin(sockets.resolve("slow.sock"));
    for (int i = 0; i < VOLUMES; i++) {
      plugin.volumes.add("v" + i);
      Files.createDirectories(root.resolve("v" + i));
    }
    plugin.on("Unmount", (request, out) -> unmount(StandInPlugin.name(request), out));
    agent =
        new EmbeddedAgent(folder)
            .parameter("plugin_sockets", sockets.toString())
            // As its users start it: what measures coverage would be measured with it.
            .parameter("jvm_options", "");
  }

  @AfterEach
  void end() throws Exception {
    agent.close();
    plugin.close();
  }

  private void mount(String volume, OutputStream out) throws IOException {
    Path at = root.resolve(volume);
    MountCalls.mount("slow", at, "tmpfs", 0, "size=64k");
    out.write(StandInPlugin.json(200, "{\"Mountpoint\":\"" + at + "\"}"));
  }

  private void unmount(String volume, OutputStream out) throws IOException {
    MountCalls.unmount(root.resolve(volume));
    out.write(StandInPlugin.json(200, "{}"));
  }

  private String task(int number) {
    List<String> volumes = new ArrayList<>();
    for (int i = 0; i < EACH; i++) {
      volumes.add(
          """
          {"container_path":"v%d","mode":"RW","source":{"type":"DOCKER_VOLUME",
            "docker_volume":{"driver":"slow","name":"v%d"}}}\
          """
              .formatted(i, number * EACH + i));
    }
    String command = "for v in v*; do echo x >$v/x || exit; done; ls v*/x | wc -l";
    return """
    {"name":"t%1$d","task_id":{"value":"t%1$d"},"command":{"value":%2$s},
     "container":{"type":"MESOS","volumes":[%3$s]}}
    """
        .formatted(number, EmbeddedAgent.quoted(command), String.join(",", volumes));
  }

  private Run startAll() {
    List<String> tasks = new ArrayList<>();
    for (int i = 0; i < TASKS; i++) {
      tasks.add(task(i));
    }
    tasks.add(EmbeddedAgent.localTask("other", "echo other runs", "scratch", "type=tmpfs"));
    return agent.start(tasks.toArray(String[]::new));
  }

  private void allRan(Run run) throws Exception {
    assertEquals(0, run.status(), run.logText());
    assertEquals(
        TASKS, run.output().lines().filter(Integer.toString(EACH)::equals).count(), run.output());
    agent.leavesNothing();
    assertEquals(List.of(), MountTable.under(root));
  }

  @Test
  void all256AreUnderWayAtOnceAndOneOfAnotherDriverIsNotHeldUp() throws Exception {
    CountDownLatch otherHasRun = new CountDownLatch(1);
    plugin.on(
        "Mount",
        (request, out) -> {
          // No Mount ends before all others have begun, and before the other task has run.
          allAsked.countDown();
          allAsked.await();
          otherHasRun.await();
          mount(StandInPlugin.name(request), out);
        });
    Run run = startAll();
    run.awaitOutput("other runs");
    assertTrue(allAsked.await(180, TimeUnit.SECONDS), () -> allAsked.getCount() + " are missing");
    otherHasRun.countDown();
    allRan(run);
  }

  /** The best of some tries: the machine may have other things to do. */
  @Test
  @Tag("speed")
  void all256AreMountedWithinTwoSecondsWhenAMountTakesOne() throws Exception {
    plugin.on(
        "Mount",
        (request, out) -> {
          Thread.sleep(1000);
          mount(StandInPlugin.name(request), out);
        });
    Duration best = Duration.ofDays(1);
    for (int i = 0; i < TRIES && best.compareTo(TWO_SECONDS) > 0; i++) {
      Run run = startAll();
      Duration took = Duration.ofNanos(nanosToMount(run));
      best = took.compareTo(best) < 0 ? took : best;
      allRan(run);
    }
    System.out.println(VOLUMES + " volumes were mounted in " + best.toMillis() + " ms");
    assertTrue(best.compareTo(TWO_SECONDS) <= 0, "the best was " + best);
  }

  /** From the plugin's first request to the proof of the last mount. */
  private long nanosToMount(Run run) throws Exception {
    plugin.requests.clear();
    while (plugin.requests.isEmpty() && run.process().isAlive()) {
      Thread.sleep(1);
    }
    long start = System.nanoTime();
    while (run.process().isAlive() && MOUNTED.matcher(run.logText()).results().count() < VOLUMES) {
      Thread.sleep(10);
    }
    return System.nanoTime() - start;
  }
}
