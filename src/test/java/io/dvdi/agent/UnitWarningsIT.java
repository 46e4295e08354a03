// SPDX-License-Identifier: Apache-2.0
package io.dvdi.agent;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.dvdi.agent.EmbeddedAgent.Run;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.CleanupMode;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * What an agent says at its start of the systemd unit or the container that it runs in, and that it
 * starts nevertheless. The host is a PID namespace, whose process 1 has a mount namespace too.
 */
class UnitWarningsIT {
  private static final String NO_PLUGINS = "what is mounted on the host does not appear";
  private static final String NO_LOCAL = "does not appear on the host";
  private static final String STATE = "(parameter state_dir) is not the host's";
  private static final String LOCAL = "(parameter local_dir) is not the host's";
  private static final String RUNTIME = "remove RuntimeDirectory=";
  private static final String THREADS = "raise TasksMax";

  @TempDir(cleanup = CleanupMode.ON_SUCCESS)
  Path folder;

  private EmbeddedAgent agent;

  @BeforeEach
  void create() {
    agent = new EmbeddedAgent(folder);
  }

  @AfterEach
  void end() {
    agent.close();
  }

  /** The warnings of an agent that this command of the host starts. */
  private Set<String> warnings(String command) {
    agent.startWith(
        List.of(
            "unshare",
            "--pid",
            "--fork",
            "--kill-child",
            "--mount-proc",
            "--propagation",
            "private",
            "--",
            "sh",
            "-c",
            "mount --bind %1$s %1$s && mount --make-shared %1$s && %2$s; exit $?"
                .formatted(folder, command),
            "sh"));
    return warnings();
  }

  private Set<String> warnings() {
    Run run = agent.start(EmbeddedAgent.task("t", "true"));
    assertEquals(0, run.status(), run.logText());
    return List.of(NO_PLUGINS, NO_LOCAL, STATE, LOCAL, RUNTIME, THREADS).stream()
        .filter(run.logText()::contains)
        .collect(Collectors.toCollection(TreeSet::new));
  }

  private static String inNamespace(String propagation) {
    return inNamespace(propagation, "true");
  }

  /** Starts the agent in a mount namespace, after a command there. */
  private static String inNamespace(String propagation, String command) {
    return "unshare --mount --propagation %s -- sh -c '%s && exec \"$@\"' sh \"$@\""
        .formatted(propagation, command);
  }

  @Test
  void onTheHostThereAreNone() {
    assertEquals(Set.of(), warnings("\"$@\""));
  }

  @Test
  void inANamespaceThatExchangesMountsWithTheHostThereAreNone() {
    assertEquals(Set.of(), warnings(inNamespace("shared")));
  }

  /** As in a unit with PrivateTmp=. The mounts are shared, but not with the host. */
  @Test
  void theHostDoesNotGetTheMountsOfTheAgent() {
    assertEquals(Set.of(NO_LOCAL), warnings(inNamespace("slave", "mount --make-shared " + folder)));
  }

  /** As in a unit with MountFlags=private. */
  @Test
  void theAgentDoesNotGetTheMountsOfTheHost() {
    assertEquals(Set.of(NO_LOCAL, NO_PLUGINS), warnings(inNamespace("private")));
  }

  @Test
  void aDriverThatTasksMayNotUseNeedsNothing() {
    agent.parameter("allowed_drivers", "local");
    assertEquals(Set.of(NO_LOCAL), warnings(inNamespace("private")));
    agent.parameter("allowed_drivers", "rexray");
    assertEquals(Set.of(NO_PLUGINS), warnings(inNamespace("private")));
  }

  /** As one below /tmp in a unit with PrivateTmp=. */
  @ParameterizedTest
  @CsvSource({"state," + STATE, "local," + LOCAL})
  void aFolderIsNotTheHosts(String name, String warning) throws IOException {
    Path folders = Files.createDirectories(folder.resolve(name));
    String replace = "mount -t tmpfs -o mode=0700 tmpfs " + folders;
    assertEquals(Set.of(warning, NO_LOCAL), warnings(inNamespace("slave", replace)));
  }

  @ParameterizedTest
  @CsvSource({"/run/other:%s, true", "%s/state, true", "%s/sta, false", ":, false"})
  void systemdRemovesTheRecords(String folders, boolean warned) {
    agent.variable("RUNTIME_DIRECTORY", folders.formatted(folder));
    assertEquals(warned, warnings().contains(RUNTIME));
  }

  @ParameterizedTest
  @CsvSource({"200, true", "100000, false", "max, false"})
  void aCgroupHasALimitOfThreads(String limit, boolean warned) throws IOException {
    Path cgroup = cgroup().resolve("dvdi-test-" + ProcessHandle.current().pid());
    assumeTrue(isCreated(cgroup), "this process may not create cgroups with a limit of threads");
    try {
      Files.writeString(cgroup.resolve("pids.max"), limit);
      agent.startWith(
          List.of(
              "sh", "-c", "echo $$ > " + cgroup.resolve("cgroup.procs") + "; exec \"$@\"", "sh"));
      assertEquals(warned, warnings().contains(THREADS));
    } finally {
      EmbeddedAgent.eventually("the cgroup is empty", () -> isRemoved(cgroup));
    }
  }

  /** That of this process, in the version of cgroups that limits threads. */
  private static Path cgroup() throws IOException {
    Path hierarchies = Path.of("/sys/fs/cgroup");
    for (String line : Files.readAllLines(Path.of("/proc/self/cgroup"))) {
      String[] fields = line.split(":", 3);
      if (fields[1].equals("pids")) {
        return hierarchies.resolve("pids" + fields[2]);
      } else if (fields[1].isEmpty() && !Files.exists(hierarchies.resolve("pids"))) {
        return hierarchies.resolve(fields[2].substring(1));
      }
    }
    return hierarchies;
  }

  /** Creates it, if this process may and the controller is enabled there. */
  private static boolean isCreated(Path cgroup) {
    try {
      Files.createDirectory(cgroup);
    } catch (IOException e) {
      return false;
    }
    if (Files.exists(cgroup.resolve("pids.max"))) {
      return true;
    }
    isRemoved(cgroup);
    return false;
  }

  private static boolean isRemoved(Path cgroup) {
    return cgroup.toFile().delete();
  }
}
