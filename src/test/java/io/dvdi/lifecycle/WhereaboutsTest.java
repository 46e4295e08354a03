// SPDX-License-Identifier: Apache-2.0
package io.dvdi.lifecycle;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.dvdi.lifecycle.Seen.Health;
import io.dvdi.lifecycle.Seen.Mounted;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** A driver that names one path before it mounts, and another one after that. */
class WhereaboutsTest {
  private static final Evidence HOSTS = mount(7, "/srv/data");

  private static Evidence mount(int id, String at) {
    return new Evidence(1, 0, id, "0:" + id, "/", at);
  }

  private static Mounted seen(Evidence mount) {
    return new Mounted(mount, Health.ANSWERS, false, Optional.empty(), Optional.empty());
  }

  /** Announced while nothing was mounted at the path that the driver had named. */
  private static Whereabouts announced(String path) {
    Moment before =
        new Moment(1, 0, false, Optional.empty(), Optional.of(HOSTS)).withPath(Optional.empty());
    return new Whereabouts(Optional.of(path), true, Optional.empty(), before, before);
  }

  @Test
  void whatWasSeenAtAnotherPathDoesNotMakeAMountNew() {
    Whereabouts moved = announced("/mnt/v").at("/srv/data");

    assertFalse(moved.isNew(seen(HOSTS)), "it may have been there before");
    assertFalse(moved.pathNamedBefore());
    assertEquals(Optional.of(HOSTS), moved.lastAnnounced().newest(), "tells the age of mounts");
    assertEquals(moved.lastAnnounced(), moved.firstAnnounced());
  }

  @Test
  void aPathThatIsNamedAgainIsStillKnown() {
    Whereabouts named = announced("/mnt/v").at("/mnt/v");

    assertTrue(named.isNew(seen(mount(8, "/mnt/v"))));
    assertTrue(named.pathNamedBefore());
  }
}
