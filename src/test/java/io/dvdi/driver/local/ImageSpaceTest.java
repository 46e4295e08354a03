// SPDX-License-Identifier: Apache-2.0
package io.dvdi.driver.local;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

/** The space on the disk that volumes may take. */
class ImageSpaceTest extends ImageVolumesFixture {
  @Test
  void aVolumeThatDoesNotFitIsNotMade() throws Exception {
    mounts.mount("-t", "tmpfs", "-o", "size=64m", "tmpfs", mounts.newFolder("volumes").toString());

    String failure = volumes.failure("pg", "size", "3");

    assertTrue(failure.contains("its 3 GiB do not fit on the disk of"), failure);
    assertTrue(failure.contains("0 GiB are free"), failure);
    assertFalse(Files.exists(volumes.image("pg")));
    volumes.assertNoTraces("pg");
  }

  @Test
  void whatOtherVolumesMayStillTakeIsNotGivenAway() throws Exception {
    Path disk = mounts.tmpfs("volumes", "size=3500m");
    volumes.mount("a", "size", "2");

    String failure = volumes.failure("b", "size", "2");

    assertEquals(
        "its 2 GiB do not fit on the disk of "
            + disk.resolve("b")
            + ": 3 GiB are free, and the other volumes can still use 2 GiB of these; request less,"
            + " or free some space",
        failure);
    volumes.assertNoTraces("b");
    volumes.mount("b", "size", "1");
    volumes.unmount("a");
    assertEquals(
        volumes.mountpoint("a"),
        volumes.path("a", "size", "2", "overwritefs", "true"),
        "what it is replaced by takes the place of the old");
  }

  @Test
  void imagesOfAnotherDiskDoNotCount() throws Exception {
    mounts.tmpfs("volumes", "size=1500m");
    mounts.tmpfs("volumes/a", "size=1500m,mode=755");
    volumes.mount("a", "size", "1");

    volumes.mount("b", "size", "1");
  }
}
