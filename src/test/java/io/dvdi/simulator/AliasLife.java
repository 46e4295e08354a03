// SPDX-License-Identifier: Apache-2.0
package io.dvdi.simulator;

import io.dvdi.simulator.Habits.Keeps;
import io.dvdi.simulator.Habits.PathNamed;
import io.dvdi.simulator.Habits.Transport;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One life of a volume for which its driver has several names. Each name has a record of its own,
 * unless the driver shows that they are one; and whatever it shows, no container may lose the
 * volume to the end of another one.
 */
final class AliasLife {
  private static final int CALM = 8 * (int) World.DOUBT;

  private final AliasHost host;
  private final Choices choices;

  AliasLife(Choices choices, Statistics statistics, @Nullable List<String> trace) {
    this.choices = choices;
    Keeps keeps = Keeps.values()[choices.below(3)];
    Habits habits =
        new Habits(
            keeps,
            Transport.SOCKET,
            keeps == Keeps.IDS && choices.below(2) == 1,
            PathNamed.values()[choices.below(3)],
            true,
            choices.below(4) == 3,
            false,
            choices.below(2) == 1,
            false,
            false);
    this.host = new AliasHost(choices, habits, statistics, trace);
  }

  /**
   * From the first start of the agent until everything has come to rest.
   *
   * @throws Violation if something happened that must not
   */
  void live() {
    int span = 3_000 + choices.below(30_000);
    int count = 2 + choices.below(8);
    for (int i = 0; i < count; i++) {
      int number = i;
      // Often close together: what two names do at the same time is what matters.
      int close = choices.below(3) < 2 ? choices.below(200) : choices.below(span);
      host.calendar.at(close + span * choices.below(2), () -> host.prepare(number));
    }
    int kills = host.kills ? choices.below(4) : 0;
    for (int i = 0; i < kills; i++) {
      host.calendar.at(choices.below(2 * span), host::kill);
    }
    host.start();
    host.run(2 * span + 2 * World.MOUNT_TIMEOUT);
    host.calm();
    host.run(2 * span + CALM);
    host.checks.checkRest();
    host.statistics.lives++;
  }
}
