// SPDX-License-Identifier: Apache-2.0
package io.dvdi.simulator;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.dvdi.simulator.ExploreReport.Small;
import io.dvdi.simulator.Habits.Keeps;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** A short form of {@code bin/simulate}. */
class SimulatorTest {
  @Test
  void livesWithAllFaultsBreakNoRule() throws InterruptedException {
    Lives run = new Lives(16, 4_000, false);
    run.live(2);
    assertEquals(0, run.violations.size(), () -> report(run));
  }

  @Test
  void noStateOfASmallWorldBreaksARule() {
    List<Small> worlds = new ArrayList<>();
    for (Keeps keeps : Keeps.values()) {
      worlds.add(new Small(keeps, 2, 0, false));
      worlds.add(new Small(keeps, 0, 1, true));
    }
    worlds.add(Small.local(1, 1));
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    int broken = ExploreReport.explore(worlds, new PrintStream(out, true, StandardCharsets.UTF_8));
    assertEquals(0, broken, () -> out.toString(StandardCharsets.UTF_8));
  }

  @Test
  void aSeedRepeatsItsLifeExactly() {
    for (long life = 0; life < 50; life++) {
      List<String> first = new ArrayList<>();
      List<String> second = new ArrayList<>();
      Lives.live(Lives.choices(3, life), new Statistics(), first);
      Lives.live(Lives.choices(3, life), new Statistics(), second);
      assertEquals(first, second);
    }
  }

  private static String report(Lives run) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    Report.print(run, new PrintStream(out, true, StandardCharsets.UTF_8));
    return out.toString(StandardCharsets.UTF_8);
  }
}
