// SPDX-License-Identifier: Apache-2.0
package io.dvdi.regression;

import io.dvdi.agent.EmbeddedAgent;
import io.dvdi.agent.EmbeddedAgent.Run;
import io.dvdi.testing.MountTable;
import io.dvdi.testing.RealMounts;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.extension.RegisterExtension;

/**
 * Agents, one after another, and a plugin that does wrong. The tests know nothing of the module but
 * its parameters and that it keeps records below state_dir, so that they run on every version; see
 * bin/regressions. A test's name begins with its case in docs/reliability.md.
 */
@Tag("regression")
abstract class RegressionFixture {
  /** For what has to happen, however slow the machine is. */
  static final Duration LONG = Duration.ofMinutes(3);

  static final String VOLUME = "data";

  /** What is longer is a test's own. */
  private static final int LONGEST_RECORD = 1 << 20;

  @RegisterExtension final RealMounts mounts = new RealMounts();

  private final List<PluginProcess> plugins = new ArrayList<>();
  private final List<Run> runs = new ArrayList<>();
  private @Nullable EmbeddedAgent agent;

  /** A short mount_timeout. A call that was cut off is in doubt for twice as long. */
  Duration timeout = Duration.ofSeconds(3);

  @BeforeEach
  void createAgent() throws Exception {
    agent =
        new EmbeddedAgent(mounts.newFolder("agent"))
            .parameter("plugin_sockets", mounts.newFolder("sockets").toString())
            .parameter("mount_timeout", "10mins")
            // Only 0.1.0 has these two.
            .parameter("plugin_timeout", "1secs")
            .parameter("unmount_timeout", "30secs")
            // Coverage is not their subject.
            .parameter("jvm_options", "-XX:+DisableAttachMechanism");
  }

  @AfterEach
  void closeAll() throws Exception {
    for (PluginProcess plugin : plugins) {
      plugin.close();
    }
    agent().close();
  }

  final EmbeddedAgent agent() {
    return Objects.requireNonNull(agent);
  }

  final Path folder() {
    return mounts.folder();
  }

  /** The plugin of the driver "scripted". */
  final PluginProcess plugin(String... options) throws Exception {
    return plugin(folder().resolve("sockets/scripted.sock"), options);
  }

  final PluginProcess plugin(Path socket, String... options) throws Exception {
    long start = System.nanoTime();
    PluginProcess plugin = new PluginProcess(socket, mounts.newFolder("root"), options);
    plugins.add(plugin);
    timeout = Duration.ofSeconds(3).plus(Duration.ofNanos(6 * (System.nanoTime() - start)));
    return plugin;
  }

  /**
   * Makes the timeouts so short that a test can wait for them. The time that the plugin took to
   * start says how short: a mount that goes well has time enough on any machine.
   */
  final void shortTimeouts(int multiple) {
    String time = timeout.multipliedBy(multiple).toSeconds() + "secs";
    agent().parameter("mount_timeout", time).parameter("unmount_timeout", time);
  }

  final Run start(String... tasks) {
    Run run = agent().start(tasks);
    runs.add(run);
    return run;
  }

  final void kill(Run run) throws Exception {
    run.process().destroyForcibly();
    awaitEnd(run);
  }

  final void awaitEnd(Run run) throws Exception {
    eventually("an agent has ended", () -> !run.process().isAlive());
  }

  /** Its exit status, when it has ended. */
  final int status(Run run) throws Exception {
    awaitEnd(run);
    return run.process().exitValue();
  }

  /** What all agents said, for a failure whose reason is not known. */
  final String log() {
    StringBuilder log = new StringBuilder();
    runs.forEach(run -> log.append("\n-- an agent's log:\n").append(run.logText()));
    return log.toString();
  }

  // Tasks

  /** A task with a volume of the scripted plugin at the path data of its sandbox. */
  static String on(String volume, String name, String command, String... variables) {
    List<String> all =
        new ArrayList<>(
            List.of(
                "DVDI_VOLUME_NAME", volume,
                "DVDI_VOLUME_DRIVER", "scripted",
                "DVDI_VOLUME_CONTAINERPATH", "data"));
    all.addAll(List.of(variables));
    return EmbeddedAgent.task(name, command, all.toArray(String[]::new));
  }

  /**
   * A command that says so when it runs, and ends when it is told to. It seldom looks: a new
   * process each time is much for an emulated processor (bin/check-kernel).
   */
  final String untilTold(String name) {
    return "echo %s runs; while [ ! -e %s ]; do sleep 0.5; done".formatted(name, endOf(name));
  }

  private Path endOf(String name) {
    return folder().resolve("agent/end-" + name);
  }

  final void tellToEnd(String name) throws IOException {
    Files.createFile(endOf(name));
  }

  /** A task without a volume, which keeps its agent running. */
  final String keeper() {
    return EmbeddedAgent.task("keeper", untilTold("keeper"));
  }

  final void awaitDecision(Run run, String task) throws Exception {
    eventually("it is decided about " + task, () -> decided(run, task));
  }

  final void awaitStart(Run run, String task) throws Exception {
    awaitDecision(run, task);
    if (!runs(run, task)) {
      throw new IllegalStateException(task + " does not run" + log());
    }
  }

  static boolean runs(Run run, String task) {
    return run.output().contains(task + " runs");
  }

  /** Whether the task runs, or will not. */
  static boolean decided(Run run, String task) {
    return runs(run, task)
        || run.logText().contains("Task " + task + " does not start")
        || !run.process().isAlive();
  }

  final void endKeeper(Run run) throws Exception {
    tellToEnd("keeper");
    awaitEnd(run);
    Files.delete(endOf("keeper"));
  }

  /** Also one whose agent was killed. */
  final void awaitEndOf(String name) throws Exception {
    tellToEnd(name);
    eventually(name + " has ended", () -> !isAlive(name));
  }

  /** Whether a task runs that ends when it is told to. */
  final boolean isAlive(String name) {
    return ProcessHandle.allProcesses()
        .anyMatch(it -> it.info().commandLine().orElse("").contains(endOf(name).toString()));
  }

  // What there is to see

  /** Where the scripted plugin mounts a volume. */
  final Path mountOf(String volume) {
    return folder().resolve("root/mounts").resolve(volume);
  }

  final Path localMountOf(String volume) {
    return folder().resolve("agent/local").resolve(volume).resolve("mount");
  }

  static boolean isMounted(Path at) throws IOException {
    return MountTable.at(at).isPresent();
  }

  final boolean isMounted(String volume) throws IOException {
    return isMounted(mountOf(volume));
  }

  /** The records that name a volume, wherever below state_dir. */
  final List<Path> records(String volume) throws IOException {
    Path state = folder().resolve("agent/state");
    if (!Files.isDirectory(state)) {
      return List.of();
    }
    List<Path> found = new ArrayList<>();
    try (Stream<Path> files = Files.walk(state)) {
      for (Path file : files.filter(it -> it.toString().endsWith(".json")).toList()) {
        if (holds(file, "\"" + volume + "\"")) {
          found.add(file);
        }
      }
    } catch (UncheckedIOException e) {
      return records(volume); // something was removed while it was looked at
    }
    return found;
  }

  private static boolean holds(Path file, String text) throws IOException {
    try {
      return Files.size(file) < LONGEST_RECORD && Files.readString(file).contains(text);
    } catch (NoSuchFileException e) {
      return false;
    }
  }

  // Waiting

  final void eventually(String what, Callable<Boolean> condition) throws Exception {
    if (!within(LONG, condition)) {
      throw new IllegalStateException("never: " + what + log());
    }
  }

  /** Whether the condition comes to hold within this time. */
  static boolean within(Duration time, Callable<Boolean> condition) throws Exception {
    long end = System.nanoTime() + time.toNanos();
    while (!condition.call()) {
      if (System.nanoTime() > end) {
        return false;
      }
      Thread.sleep(20);
    }
    return true;
  }

  /**
   * Nothing is mounted in the end, nothing is on record, and the driver holds no ID. A mount
   * without a record will never come to that, nor an ID that is on none.
   */
  final void comesToRest(PluginProcess plugin, String volume) throws Exception {
    int forgotten = 0;
    long end = System.nanoTime() + LONG.plus(timeout.multipliedBy(6)).toNanos();
    while (isMounted(volume) || !records(volume).isEmpty() || !plugin.users(volume).isEmpty()) {
      // What is on record is looked at first: it may be removed right after an unmount.
      String onRecord = text(records(volume));
      boolean mounted = onRecord.isEmpty() && isMounted(volume);
      boolean held = plugin.users(volume).stream().anyMatch(id -> !onRecord.contains(id));
      forgotten = mounted || held ? forgotten + 1 : 0;
      Outcome.unless(
          forgotten < 20,
          mounted
              ? "there is no record any more, and the mount stays"
              : "the driver holds an ID that is on no record any more");
      Outcome.unless(System.nanoTime() < end, "it never comes to rest:\n" + onRecord);
      Thread.sleep(50);
    }
  }

  private static String text(List<Path> records) throws IOException {
    StringBuilder text = new StringBuilder();
    for (Path record : records) {
      try {
        text.append(Files.readString(record));
      } catch (NoSuchFileException e) {
        // It was removed meanwhile.
      }
    }
    return text.toString();
  }
}
