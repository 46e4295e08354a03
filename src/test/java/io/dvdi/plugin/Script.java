// SPDX-License-Identifier: Apache-2.0
package io.dvdi.plugin;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** The rules in force, and the names that steps wait for. Thread-safe. */
final class Script {
  private static final Pattern RULE =
      Pattern.compile("([A-Z][a-z]+)(?: +'([^']*)')?(?: +([0-9]+) times?)? *: *(.*)");
  private static final List<Step> USUAL = List.of(Step.parse("do"), Step.parse("answer"));

  private final List<Rule> rules = new ArrayList<>();
  private final Set<String> gone = new HashSet<>();
  private boolean ended;

  private static final class Rule {
    final String method;
    final @Nullable String volume;
    final List<Step> steps;
    int left;

    Rule(String method, @Nullable String volume, int left, List<Step> steps) {
      this.method = method;
      this.volume = volume;
      this.left = left;
      this.steps = steps;
    }
  }

  /** Whether a line is a rule, and not a command. */
  static boolean isRule(String line) {
    return RULE.matcher(line).matches();
  }

  synchronized void add(String line) {
    Matcher rule = RULE.matcher(line);
    if (!rule.matches()) {
      throw new IllegalArgumentException("'%s' is no rule; see --help".formatted(line));
    }
    List<Step> steps = new ArrayList<>();
    for (String step : rule.group(4).split(";", -1)) {
      steps.add(Step.parse(step));
    }
    int times = rule.group(3) == null ? Integer.MAX_VALUE : Integer.parseInt(rule.group(3));
    rules.add(new Rule(rule.group(1), rule.group(2), times, List.copyOf(steps)));
  }

  synchronized void clear() {
    rules.clear();
  }

  /** What to do at this call: the first rule that fits and is not used up. */
  synchronized List<Step> at(String method, String volume) {
    for (Rule rule : rules) {
      boolean fits =
          rule.method.equals(method) && (rule.volume == null || rule.volume.equals(volume));
      if (fits && rule.left > 0) {
        rule.left--;
        return rule.steps;
      }
    }
    return USUAL;
  }

  synchronized void go(String name) {
    gone.add(name);
    notifyAll();
  }

  synchronized void end() {
    ended = true;
    notifyAll();
  }

  synchronized void await(String name) throws InterruptedException {
    while (!ended && !gone.contains(name)) {
      wait();
    }
  }

  synchronized void awaitEnd() throws InterruptedException {
    while (!ended) {
      wait();
    }
  }
}
