// SPDX-License-Identifier: Apache-2.0
package io.dvdi.regression;

import io.dvdi.agent.EmbeddedAgent;
import io.dvdi.agent.EmbeddedAgent.Run;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Answers of plugins that are malformed, too long, or meant to deceive. */
class HostilePluginIT extends RegressionFixture {
  /** B2. In 0.1.0 each such answer becomes a tree of some hundred megabytes. */
  @Test
  void b2AnAnswerOfMegabytesTakesNoMemoryThatOthersNeed() throws Exception {
    PluginProcess plugin = plugin();
    plugin.tell("Get: send HTTP/1.1 200 OK\\r\\n\\r\\n{\"Volume\": [\\x2700000([],)[]]}");
    plugin.tell("Mount: send HTTP/1.1 200 OK\\r\\n\\r\\n{\"Mountpoint\": [\\x2700000([],)[]]}");
    List<String> tasks = new ArrayList<>();
    for (int i = 0; i < 16; i++) {
      tasks.add(on("bad-" + i, "bad-" + i, "echo bad-%d runs".formatted(i)));
      tasks.add(
          EmbeddedAgent.localTask(
              "good-" + i, untilTold("good-" + i), "good-" + i, "type=tmpfs,device=tmpfs"));
    }
    tasks.add(keeper());
    Run run = start(tasks.toArray(String[]::new));
    for (int i = 0; i < 16; i++) {
      awaitDecision(run, "bad-" + i);
      awaitDecision(run, "good-" + i);
    }

    Outcome.unless(run.process().isAlive(), "the agent has ended");
    Outcome.unless(
        !run.logText().contains("OutOfMemory") && !run.logText().contains("out of memory"),
        "the plugin's answers exhaust the heap");
    for (int i = 0; i < 16; i++) {
      Outcome.unless(runs(run, "good-" + i), "a task without that plugin does not run");
      tellToEnd("good-" + i);
    }
    endKeeper(run);
  }

  /**
   * B17. In 0.1.0 the whole text is searched for each option, which takes minutes of the agent's
   * processor time. That is compared with the time that the same text takes with one option.
   */
  @Test
  void b17TheWordsOfAPluginCostNoMoreWithManyOptions() throws Exception {
    PluginProcess plugin = plugin();
    plugin.tell("Mount: send HTTP/1.1 500 Error\\r\\n\\r\\n{\"Err\": \"\\x1000000(no )\"}");
    Duration few = cpuTimeOfRefusal("few", 1);
    Duration many = cpuTimeOfRefusal("many", 1_000);

    Outcome.unless(
        many.compareTo(few.multipliedBy(8)) < 0,
        "a refusal takes %d s of processor time with 1 option, and %d s with 1,000"
            .formatted(few.toSeconds(), many.toSeconds()));
  }

  private Duration cpuTimeOfRefusal(String task, int options) throws Exception {
    String list =
        IntStream.range(0, options)
            .mapToObj(i -> "o%d=v%d".formatted(i, i))
            .collect(Collectors.joining(","));
    Run run = start(on(VOLUME, task, untilTold(task), "DVDI_VOLUME_OPTS", list), keeper());
    Outcome.unless(
        within(LONG, () -> decided(run, task)), "a refusal with many options takes minutes");
    Duration time = run.process().info().totalCpuDuration().orElseThrow();
    endKeeper(run);
    return time;
  }

  /** B18. In 0.1.0 such an answer is called a defect of the module, which has no remedy. */
  @Test
  void b18AnAnswerThatIsNoHttpIsNoDefectOfTheModule() throws Exception {
    PluginProcess plugin = plugin();
    shortTimeouts(1);
    plugin.tell("Mount 'status': send HTTP/1.1 0 OK\\r\\n\\r\\n");
    plugin.tell("Mount 'version': send HTTP/1.-1 200 OK\\r\\n\\r\\n");
    Run run =
        start(
            on("status", "status", untilTold("status")),
            on("version", "version", untilTold("version")),
            keeper());
    awaitDecision(run, "status");
    awaitDecision(run, "version");
    endKeeper(run);

    String log = run.logText();
    Outcome.unless(
        !log.contains("defect") && !log.contains("IllegalArgumentException"),
        "a malformed answer of the plugin is called a defect of the module");
  }

  /** B18. In 0.1.0 these characters reach the log, where they forge lines or reorder text. */
  @Test
  void b18ControlCharactersOfAPluginDoNotReachTheLog() throws Exception {
    PluginProcess plugin = plugin();
    shortTimeouts(1);
    plugin.tell(
        "Mount: send HTTP/1.1 500 Error\\r\\n\\r\\n{\"Err\": \"refused"
            + " \\\\u001b[2J\\\\u009b31m\\\\u007f\\\\u0085\\\\u2028dvdi: all is well"
            + "\\\\u202e\\\\u200b\\\\u2066\\\\ud800\"}");
    Run run = start(on(VOLUME, "t", untilTold("t")), keeper());
    awaitDecision(run, "t");
    endKeeper(run);

    String log = run.logText();
    eventually("the plugin's words are in the log", () -> log.contains("refused"));
    Outcome.unless(
        log.chars().noneMatch(HostilePluginIT::deceives),
        "control characters of the plugin reach the log");
  }

  private static boolean deceives(int c) {
    return c != '\n'
        && switch (Character.getType(c)) {
          case Character.CONTROL,
              Character.FORMAT,
              Character.LINE_SEPARATOR,
              Character.PARAGRAPH_SEPARATOR ->
              true;
          default -> false;
        };
  }
}
