// SPDX-License-Identifier: Apache-2.0
package io.dvdi.linux;

import io.dvdi.lifecycle.Evidence;
import io.dvdi.lifecycle.Moment.Age;
import java.util.HashSet;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * The order in which mounts were made, on kernels that reuse mount IDs. The kernel adds new mounts
 * at the end of its table. Here, a mount that is gone keeps its place, so that the age of others
 * can still be told by it. Thread-safe.
 */
final class MountOrder {
  /** How many mounts that are gone keep their place. */
  private static final int MOST_GONE = 1_000;

  /**
   * The place of a mount.
   *
   * @param first when it was first seen
   * @param last when it was first seen again after it had been gone
   */
  private record Place(long first, long last, boolean gone) {}

  private final Map<Evidence, Place> places = new LinkedHashMap<>();
  private long next;

  /** Notes the mount table of now. */
  synchronized void note(List<Evidence> table) {
    for (Evidence mount : table) {
      Place place = places.get(mount);
      if (place == null) {
        places.put(mount, new Place(next, next++, false));
      } else if (place.gone) {
        places.put(mount, new Place(place.first, next++, false));
      }
    }
    int gone = places.size() - table.size();
    if (gone <= 0) {
      return;
    }
    Set<Evidence> there = new HashSet<>(table);
    Iterator<Map.Entry<Evidence, Place>> all = places.entrySet().iterator();
    while (all.hasNext()) {
      Map.Entry<Evidence, Place> entry = all.next();
      if (!there.contains(entry.getKey())) {
        if (gone-- > MOST_GONE) {
          all.remove();
        } else {
          entry.setValue(new Place(entry.getValue().first, entry.getValue().last, true));
        }
      }
    }
  }

  /** Whether a mount of now is newer than another one, which may be gone. */
  synchronized Age age(Evidence mount, Evidence other) {
    Place place = places.get(mount);
    Place than = places.get(other);
    if (place == null || than == null) {
      return Age.UNKNOWN;
    }
    if (place.last > than.last) {
      return Age.NEWER;
    }
    // Between the two, it is not known which of two mounts that look the same is meant.
    return place.last <= than.first ? Age.OLDER : Age.UNKNOWN;
  }
}
