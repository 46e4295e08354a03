// SPDX-License-Identifier: Apache-2.0
package io.dvdi.volume;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class ContainerIdTest {
  private static List<ContainerId> ids(int count) {
    return IntStream.rangeClosed(1, count).mapToObj(i -> new ContainerId("c" + i)).toList();
  }

  @Test
  void aMessageNamesOnlySomeOfManyContainers() {
    assertEquals("[c1, c2]", ContainerId.some(ids(2)));
    assertEquals("[c1, c2, c3, c4, c5, c6, c7, c8]", ContainerId.some(ids(8)));
    assertEquals("[c1, c2, c3, c4, c5, c6, c7, c8] and 4992 more", ContainerId.some(ids(5000)));
  }
}
