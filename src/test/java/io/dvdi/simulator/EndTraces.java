// SPDX-License-Identifier: Apache-2.0
package io.dvdi.simulator;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;

/**
 * The proof that an accepted end cannot be avoided: a scripted life in two forms, A and B, in which
 * the core meets the same and decides the same, and which need opposite decisions, so that a rule
 * is broken in one of them.
 */
final class EndTraces {
  private static final Path FOLDER = Path.of("src/test/simulator/ends");

  private EndTraces() {}

  static Path file(AcceptedEnd end) {
    return FOLDER.resolve(end.title().replace(' ', '-') + ".txt");
  }

  /** Why the file proves nothing; empty: it does. */
  static String flaw(AcceptedEnd end) throws IOException {
    List<String> lines = Files.readAllLines(file(end));
    ScriptedLife lifeA = new ScriptedLife(lines, 'A', null);
    Script a = lifeA.live();
    Script b = new ScriptedLife(lines, 'B', null).live();
    if ((a.end == null) == (b.end == null)) {
      return a.end == null ? "no rule is broken" : "a rule is broken in both: " + a.rule;
    }
    Script broken = a.end == null ? b : a;
    if (broken.end != end) {
      return "another end is reached: " + broken.end + " (" + broken.rule + ")";
    }
    List<Script.Turn> metInA = before(a.log, lifeA.same);
    List<Script.Turn> metInB = before(b.log, lifeA.same);
    for (int i = 0; i < Math.max(metInA.size(), metInB.size()); i++) {
      String inA = i < metInA.size() ? metInA.get(i).toString() : "nothing";
      String inB = i < metInB.size() ? metInB.get(i).toString() : "nothing";
      if (!inA.equals(inB)) {
        return "the core does not meet the same: A " + inA + "; B " + inB;
      }
    }
    boolean atRest = broken.logged == broken.log.size();
    return atRest || broken.logged <= metInA.size()
        ? ""
        : "the rule is broken after what the core meets is no longer the same";
  }

  private static List<Script.Turn> before(List<Script.Turn> log, long moment) {
    return log.stream().filter(turn -> turn.moment() < moment).toList();
  }

  /** Plays all of them, and prints what each shows. How many prove nothing. */
  static int print(PrintStream out) throws IOException {
    int flaws = 0;
    for (AcceptedEnd end : AcceptedEnd.values()) {
      String flaw = flaw(end);
      flaws += flaw.isEmpty() ? 0 : 1;
      out.printf(Locale.ROOT, "%s: %s%n", file(end), flaw.isEmpty() ? "cannot be avoided" : flaw);
    }
    return flaws;
  }
}
