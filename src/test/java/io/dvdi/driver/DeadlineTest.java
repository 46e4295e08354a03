// SPDX-License-Identifier: Apache-2.0
package io.dvdi.driver;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class DeadlineTest {
  @Test
  void whatIsLeftShrinks() {
    Duration span = Duration.ofMinutes(5);
    Deadline deadline = Deadline.after(span);

    Duration left = deadline.left();

    assertTrue(
        left.compareTo(span) <= 0 && left.compareTo(Duration.ofMinutes(4)) > 0, left::toString);
    assertTrue(deadline.left().compareTo(left) <= 0);
    assertEquals(span, deadline.span());
  }

  @Test
  void nothingIsLeftOfADeadlineThatHasPassed() {
    assertEquals(Duration.ZERO, Deadline.after(Duration.ZERO).left());
    assertEquals(Duration.ZERO, Deadline.after(Duration.ofSeconds(-5)).left());
  }

  @Test
  void theEarlierOneCounts() {
    Deadline soon = Deadline.after(Duration.ofMinutes(1));

    assertEquals(soon, soon.orEarlier(Deadline.never()));
    assertEquals(soon, Deadline.never().orEarlier(soon));
  }
}
