// SPDX-License-Identifier: Apache-2.0
package io.dvdi.linux;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.dvdi.lifecycle.Evidence;
import io.dvdi.lifecycle.Moment.Age;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class MountOrderTest {
  private final MountOrder order = new MountOrder();

  private static Evidence mount(int id) {
    return new Evidence(1, 0, id, "0:" + id, "/", "/mnt/" + id);
  }

  private void note(int... ids) {
    order.note(IntStream.of(ids).mapToObj(MountOrderTest::mount).toList());
  }

  private Age age(int id, int other) {
    return order.age(mount(id), mount(other));
  }

  @Test
  void theTablesOrderIsThatOfAgeWhateverTheIds() {
    note(7, 3, 5);

    assertEquals(Age.OLDER, age(7, 3));
    assertEquals(Age.OLDER, age(3, 3));
    assertEquals(Age.NEWER, age(5, 3));
  }

  @Test
  void aMountThatIsGoneKeepsItsPlace() {
    note(1, 2, 3);
    note(1, 3);
    note(1, 3, 4);

    assertEquals(Age.OLDER, age(1, 2));
    assertEquals(Age.NEWER, age(3, 2));
    assertEquals(Age.NEWER, age(4, 2));
  }

  @Test
  void aMountThatWasNeverSeenTellsNothing() {
    note(1, 2);

    assertEquals(Age.UNKNOWN, age(1, 9));
  }

  /** The older or the newer one of two that look the same may be meant. */
  @Test
  void betweenTwoThatLookTheSameNothingIsTold() {
    note(1, 2);
    note(1);
    note(1, 3);
    note(1, 3, 2);
    note(1, 3, 2, 4);

    assertEquals(Age.OLDER, age(1, 2));
    assertEquals(Age.UNKNOWN, age(3, 2));
    assertEquals(Age.UNKNOWN, age(2, 2));
    assertEquals(Age.NEWER, age(4, 2));
    assertEquals(Age.NEWER, age(2, 3));
  }

  @Test
  void ofTheManyThatAreGoneTheLatestKeepTheirPlaces() {
    order.note(Stream.iterate(1, id -> id + 1).limit(2_000).map(MountOrderTest::mount).toList());
    order.note(List.of(mount(1), mount(2_000)));
    note(1, 2_000);

    assertEquals(Age.UNKNOWN, age(1, 900));
    assertEquals(Age.OLDER, age(1, 1_500));
    assertEquals(Age.NEWER, age(2_000, 1_500));
  }
}
