// SPDX-License-Identifier: Apache-2.0
package io.dvdi.simulator;

import io.dvdi.simulator.Habits.Keeps;
import java.util.HashSet;
import java.util.Set;

/** The driver of a small world: what it does, and whether it says that it succeeded. */
final class SmallDriver {
  private SmallDriver() {}

  private static void mountFor(SmallWorld w, String who) {
    Set<String> holders = new HashSet<>(w.held);
    holders.add(who);
    w.held = holders;
    w.count++;
    if (w.mounted == 0) {
      w.mounted = ++w.newest;
    }
  }

  /** Whether the driver says that it succeeded. */
  static boolean mount(SmallWorld w, String who) {
    if (w.own) {
      if (w.cover == 0 && w.mounted == 0) {
        w.mounted = ++w.newest;
      }
      return w.cover == 0 && !w.dead;
    }
    if (w.keeps == Keeps.IDS && (w.held.contains(who) || w.held.isEmpty() && w.mounted != 0)) {
      return false;
    }
    mountFor(w, who);
    return true;
  }

  /** Whether the driver says that it succeeded. */
  static boolean unmount(SmallWorld w, String who) {
    if (w.own) { // it takes what is uppermost
      if (w.cover != 0) {
        long cover = w.cover;
        w.cover = 0;
        SmallChecks.takesOther(w, cover, who);
      } else {
        w.mounted = 0;
        w.dead = false;
      }
      return true;
    }
    if (w.keeps == Keeps.IDS && !w.held.contains(who) || w.keeps == Keeps.COUNT && w.count == 0) {
      return false;
    }
    Set<String> holders = new HashSet<>(w.held);
    if (!holders.remove(who) && !holders.isEmpty()) {
      holders.remove(holders.iterator().next());
    }
    w.count = w.keeps == Keeps.IDS ? holders.size() : w.count - 1;
    if (w.keeps == Keeps.NOTHING || w.count <= 0) {
      holders.clear();
      w.count = 0;
      w.mounted = 0;
    }
    w.held = holders;
    return true;
  }
}
