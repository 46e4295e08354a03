// SPDX-License-Identifier: Apache-2.0
package io.dvdi.mesos;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The agent's process with the module, beside one without it. */
@Tag("mesos")
class SameProcessIT {
  private static final Pattern LISTED = Pattern.compile("(?m)^\\| `([^`]+)` \\|");

  @RegisterExtension final MesosHost host = new MesosHost();

  private static TaskVolume tmpfs(String name) {
    return TaskVolume.of("local", name, "data").option("type", "tmpfs").option("o", "size=4m");
  }

  /** An agent whose module has mounted something, so that it has opened what it needs for that. */
  private MesosAgent agent() throws Exception {
    MesosAgent agent = host.newAgent().start();
    host.framework().launch(agent.id(), new MesosTask("first", "true").with(tmpfs("v")));
    host.framework().ended("first", "TASK_FINISHED");
    host.hasNothingLeftOfTasks();
    return agent;
  }

  @Test
  void theProcessDiffersOnlyInWhatIsListed() throws Exception {
    MesosAgent with = agent();
    MesosAgent without = host.newAgent().withoutModule().start();

    Set<String> ours = ProcessFacts.of(with.run().pid(), with.folder());
    Set<String> control = ProcessFacts.of(without.run().pid(), without.folder());

    Set<String> missing = new TreeSet<>(control);
    missing.removeAll(ours);
    assertEquals(Set.of(), missing, "only without the module");
    Set<String> more = new TreeSet<>(ours);
    more.removeAll(control);
    more.removeAll(listed());
    assertEquals(Set.of(), more, "not listed in docs/security.md");
  }

  /** The differences of docs/security.md, each with its reason. */
  private static Set<String> listed() throws IOException {
    String text = Files.readString(Path.of("docs/security.md"));
    String section = text.substring(text.indexOf("## What differs in the agent's process"));
    return LISTED
        .matcher(section.split("\n## ", 3)[0])
        .results()
        .map((MatchResult row) -> row.group(1))
        .collect(Collectors.toSet());
  }

  /** The agent itself dies of SIGTERM: logging.cpp of Mesos. */
  @ParameterizedTest
  @CsvSource({"TERM, 143", "USR1, 0", "SEGV, 139"})
  void theAgentEndsAsItDoesWithoutTheModule(String signal, int status) throws Exception {
    MesosAgent agent = agent();
    MesosAgent without = host.newAgent().withoutModule().start();

    agent.run().signal(signal);
    without.run().signal(signal);

    assertEquals(status, agent.run().status(), () -> agent.run().tail());
    assertEquals(status, without.run().status());
    assertEquals(
        without.run().log().contains("*** Aborted"),
        agent.run().log().contains("*** Aborted"),
        () -> agent.run().tail());
  }

  /** What the agent starts must not see that a JVM lives in it. */
  @Test
  void aTaskInheritsNothingOfTheJvm() throws Exception {
    Path with = host.folder().resolve("with");
    Path without = host.folder().resolve("without");
    inherited(agent(), with);
    inherited(host.newAgent().withoutModule().start(), without);

    assertEquals(Files.readString(without), Files.readString(with));
  }

  private void inherited(MesosAgent agent, Path file) throws Exception {
    String task = String.valueOf(file.getFileName());
    // Descriptors by where they lead to, without IDs and the shell's own. The agent itself may have
    // /dev/urandom open, or not.
    host.framework()
        .launch(
            agent.id(),
            new MesosTask(
                task,
                "{ grep -E '^(SigBlk|SigIgn|SigCgt|Cap|NoNewPrivs|Seccomp)' /proc/self/status; ls"
                    + " -l /proc/self/fd | sed '/urandom/d; /stderr/d; s/.* -> //; s/[0-9a-f-]//g'"
                    + " | sort; ulimit -a; env | sed 's/=.*//' | sort; } > "
                    + file
                    + ".new && mv "
                    + file
                    + ".new "
                    + file));
    host.framework().ended(task, "TASK_FINISHED");
    assertTrue(Stream.of("SigIgn", "pip:").allMatch(contentOf(file)::contains));
  }

  private static String contentOf(Path file) {
    try {
      return Files.readString(file);
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }
}
