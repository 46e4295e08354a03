// SPDX-License-Identifier: Apache-2.0
package io.dvdi.agent;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.fail;

import io.dvdi.testing.MountsBelow;
import io.dvdi.testing.RealMounts;
import io.dvdi.testing.RecordFiles;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;

/**
 * The embedded agent as its users start it, in a folder of its own: a process with a module, a JVM
 * inside, and tasks. What it mounts is seen in this JVM's mount namespace only.
 */
public final class EmbeddedAgent implements AutoCloseable {
  static final Path DIST = Path.of(property("dvdi.test.dist"));

  private final Path folder;
  private final Map<String, String> parameters = new LinkedHashMap<>();
  private final Map<String, String> environment = new LinkedHashMap<>();
  private final List<Process> processes = new ArrayList<>();
  private List<String> starter = List.of();

  /** As version 0.1.0 had it, which reads JSON (bin/regressions). */
  private static final Path OLD = DIST.resolve("bin/dvdi-agent");

  private Path program = DIST.resolve("lib/dvdi/dvdi-agent");
  private Path library = DIST.resolve("lib/libmesos_dvdi_isolator-embedded.so");
  private int runs;

  public EmbeddedAgent(Path folder) {
    this.folder = folder;
    parameter("state_dir", folder.resolve("state").toString());
    parameter("local_dir", folder.resolve("local").toString());
    String jacoco = System.getProperty("dvdi.test.jacoco", "");
    // The JVM warns of the agent that measures coverage unless it shares no classes.
    parameter("jvm_options", jacoco.isEmpty() ? "" : jacoco + " -Xshare:off");
  }

  private static String property(String name) {
    String value = System.getProperty(name);
    if (value == null) {
      throw new IllegalStateException(
          "the system property " + name + " is not set; run with mvn verify");
    }
    return value;
  }

  /** A run of the agent. */
  public record Run(Process process, Path outputFile, Path logFile) {
    /** Waits for its end, and returns its exit status. */
    int status() {
      try {
        if (!process.waitFor(180, TimeUnit.SECONDS)) {
          return fail("the agent does not end; it said:\n" + logText() + output());
        }
      } catch (InterruptedException e) {
        throw new AssertionError(e);
      }
      return process.exitValue();
    }

    /** What its tasks printed. */
    public String output() {
      return read(outputFile);
    }

    /** What it said itself. */
    public String logText() {
      return read(logFile);
    }

    void awaitLog(String text) {
      eventually(
          "the log has '" + text + "'", () -> logText().contains(text) || !process.isAlive());
      if (!logText().contains(text)) {
        fail("the agent ended without '" + text + "'; it said:\n" + logText());
      }
    }

    void awaitOutput(String text) {
      eventually(
          "the output has '" + text + "'", () -> output().contains(text) || !process.isAlive());
      if (!output().contains(text)) {
        fail("the agent ended without the output '" + text + "'; it said:\n" + logText());
      }
    }

    void signal(String name) {
      try {
        new ProcessBuilder("sh", "-c", "kill -" + name + " " + process.pid()).start().waitFor();
      } catch (IOException | InterruptedException e) {
        throw new AssertionError(e);
      }
    }
  }

  private static String read(Path file) {
    try {
      return Files.readString(file);
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  public EmbeddedAgent parameter(String key, String value) {
    parameters.put(key, value);
    return this;
  }

  /** A variable of the agent's own environment. */
  public EmbeddedAgent variable(String name, String value) {
    environment.put(name, value);
    return this;
  }

  /**
   * Starts it in a mount namespace of its own from now on, or not any more.
   *
   * @param propagation of the mounts there, as unshare(1) takes it; absent: in this JVM's namespace
   */
  public void namespace(Optional<String> propagation) {
    startWith(
        propagation
            .map(one -> List.of("unshare", "--mount", "--propagation", one, "--"))
            .orElse(List.of()));
  }

  /** Starts it with this command from now on, to which its own is appended. */
  public void startWith(List<String> command) {
    starter = List.copyOf(command);
  }

  EmbeddedAgent library(Path file) {
    library = file;
    return this;
  }

  /** Another build of the agent and its library, such as the one with sanitizers. */
  EmbeddedAgent build(Path build) throws IOException {
    program = build.resolve("dvdi-agent");
    Path lib = Files.createDirectory(folder.resolve("lib"));
    library = lib.resolve("libmesos_dvdi_isolator-embedded.so");
    Files.copy(build.resolve("libmesos_dvdi_isolator-embedded.so"), library);
    Path unused = Files.createSymbolicLink(lib.resolve("dvdi"), DIST.resolve("lib/dvdi"));
    return this;
  }

  /** A task, with variables as {@code NAME, value, …}. */
  public static String task(String name, String command, String... variables) {
    StringBuilder json =
        new StringBuilder(
            "{\"name\":%1$s,\"task_id\":{\"value\":%1$s},\"command\":{\"value\":%2$s,\"environment\":{\"variables\":["
                .formatted(quoted(name), quoted(command)));
    for (int i = 0; i < variables.length; i += 2) {
      json.append(i == 0 ? "" : ",")
          .append(
              "{\"name\":%s,\"value\":%s}"
                  .formatted(quoted(variables[i]), quoted(variables[i + 1])));
    }
    return json + "]}}}";
  }

  /** A task with one volume of the driver local at the path data of its sandbox. */
  public static String localTask(String name, String command, String volume, String options) {
    return task(
        name,
        command,
        "DVDI_VOLUME_NAME",
        volume,
        "DVDI_VOLUME_DRIVER",
        "local",
        "DVDI_VOLUME_OPTS",
        options,
        "DVDI_VOLUME_CONTAINERPATH",
        "data");
  }

  static String quoted(String text) {
    return '"' + text.replace("\\", "\\\\").replace("\"", "\\\"") + '"';
  }

  /**
   * Starts the agent with these tasks, each as JSON of Mesos' TaskInfo or as lines of its input.
   */
  public Run start(String... tasks) {
    return start(Optional.empty(), tasks);
  }

  /** Starts the agent with tasks that it ends after some time. */
  Run start(Duration endAfter, String... tasks) {
    return start(Optional.of(endAfter), tasks);
  }

  private Run start(Optional<Duration> endAfter, String... tasks) {
    try {
      int run = runs++;
      Path output = folder.resolve("output-" + run);
      Path log = folder.resolve("log-" + run);
      ProcessBuilder builder = Files.exists(OLD) ? old(run, tasks) : current(run, endAfter, tasks);
      builder.command().addAll(0, starter);
      builder.environment().putAll(environment);
      builder.redirectOutput(output.toFile()).redirectError(log.toFile());
      Process process = builder.start();
      processes.add(process);
      return new Run(process, output, log);
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  private ProcessBuilder current(int run, Optional<Duration> endAfter, String... tasks)
      throws IOException {
    TaskLines lines =
        new TaskLines(library.toString(), parameters, folder.resolve("work").toString());
    endAfter.ifPresent(time -> lines.line("end_after", String.valueOf(time.toMillis())));
    for (String task : tasks) {
      lines.add(task);
    }
    Path input = Files.writeString(folder.resolve("input-" + run), lines.toString());
    return new ProcessBuilder(program.toString()).redirectInput(input.toFile());
  }

  private ProcessBuilder old(int run, String... tasks) throws IOException {
    List<String> command = new ArrayList<>();
    command.add(OLD.toString());
    command.add("--modules=" + Files.writeString(folder.resolve("modules.json"), modulesJson()));
    command.add("--work_dir=" + folder.resolve("work"));
    for (int i = 0; i < tasks.length; i++) {
      command.add(
          Files.writeString(folder.resolve("task-" + run + "-" + i + ".json"), tasks[i])
              .toString());
    }
    return new ProcessBuilder(command);
  }

  private String modulesJson() {
    List<String> entries =
        parameters.entrySet().stream()
            .map(
                e ->
                    "{\"key\":%s,\"value\":%s}".formatted(quoted(e.getKey()), quoted(e.getValue())))
            .toList();
    return "{\"libraries\":[{\"file\":%s,\"modules\":[{\"name\":\"com_emccode_mesos_DockerVolumeDriverIsolator\",\"parameters\":[%s]}]}]}"
        .formatted(quoted(library.toString()), String.join(",", entries));
  }

  /** The mountpoints of local volumes that are mounted in this namespace. */
  List<String> mounts() {
    return new MountsBelow(folder).mountpoints().stream().map(Path::toString).toList();
  }

  /** The records, as paths in the folder of all boots' records. */
  List<String> records() {
    return RecordFiles.below(folder.resolve("state/volumes"));
  }

  List<String> containers() {
    return FolderNames.in(folder.resolve("work/containers"));
  }

  /** The loop devices whose file lies in this agent's folder. */
  List<String> loopDevices() {
    try {
      return RealMounts.loopDevices(folder);
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  /** Fails if anything is left of all runs: mounts, records, containers, loop devices. */
  void leavesNothing() {
    List<String> left = new ArrayList<>(mounts());
    left.addAll(records());
    left.addAll(containers());
    assertEquals(List.of(), left, "left behind");
    // The kernel frees a loop device right after its last user, and not with him.
    eventually("no loop device is left", () -> loopDevices().isEmpty());
  }

  static void eventually(String what, BooleanSupplier condition) {
    long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(90);
    while (!condition.getAsBoolean()) {
      if (System.nanoTime() > end) {
        fail("never: " + what);
      }
      try {
        Thread.sleep(20);
      } catch (InterruptedException e) {
        throw new AssertionError(e);
      }
    }
  }

  /** Ends what a failed test left running: the agents, and the tasks that outlived them. */
  @Override
  public void close() {
    processes.forEach(Process::destroyForcibly);
    ProcessHandle.allProcesses()
        .filter(
            process ->
                process.info().commandLine().orElse("").contains(folder.toString())
                    && process.pid() != ProcessHandle.current().pid())
        .forEach(ProcessHandle::destroyForcibly);
    new MountsBelow(folder).unmountAll();
  }
}
