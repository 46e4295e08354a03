// SPDX-License-Identifier: Apache-2.0
package io.dvdi.isolator;

import static io.dvdi.isolator.IsolatorFixture.eventually;
import static io.dvdi.isolator.IsolatorFixture.failure;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.dvdi.linux.MountCalls;
import java.io.IOException;
import java.nio.file.Files;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Others mount and unmount at the mountpoints of volumes. */
class ForeignMountsTest extends RunningIsolator {
  @Test
  void whatSomebodyElseMountedIsRefusedAndNeverUnmounted() throws IOException {
    Files.createDirectories(host.driver.path("a"));
    MountCalls.mount("tmpfs", host.driver.path("a"), "tmpfs", 0, null);
    String failure = host.prepareFails(host.container("c1", "a"));
    assertTrue(failure.contains("did not mount"), failure);
    assertEquals(List.of("a"), host.mounts());
    assertEquals(List.of(), host.driver.calls);
  }

  @Test
  void whatSomebodyElseMountedInPlaceOfAVolumeIsNotUnmountedWithIt() throws IOException {
    host.prepare("c1", "a");
    MountCalls.unmount(host.driver.path("a"));
    // Before Linux 6.8, it gets the ID and the device number that are free: with both of them at
    // the same path, a mount cannot be told from the one on record.
    Files.createDirectories(host.driver.path("b"));
    MountCalls.mount("tmpfs", host.driver.path("b"), "tmpfs", 0, null);
    MountCalls.mount("tmpfs", host.driver.path("a"), "tmpfs", 0, null);
    host.cleanup("c1");
    assertEquals(List.of("a", "b"), host.mounts());
    assertEquals(0, host.recordCount());
  }

  @Test
  void aVolumeThatSomethingIsMountedOverStaysOnRecordUntilItIsGone() throws IOException {
    host.prepare("c1", "a");
    MountCalls.mount("tmpfs", host.driver.path("a"), "tmpfs", 0, null);
    host.cleanup("c1");
    assertEquals(List.of("a", "a"), host.mounts());
    assertEquals(1, host.recordCount());
    assertTrue(host.log.stream().anyMatch(l -> l.startsWith("ERROR") && l.contains("over it")));
    MountCalls.unmount(host.driver.path("a"));
    eventually("it is unmounted", () -> host.mounts().isEmpty() && host.recordCount() == 0);
  }

  @Test
  void aVolumeThatVanishedUnderItsUsersIsNotGivenToAnother() throws IOException {
    host.prepare("c1", "a");
    MountCalls.unmount(host.driver.path("a"));
    String failure = host.prepareFails(host.container("c2", "a"));
    assertTrue(failure.contains("not usable") && failure.contains("c1"), failure);
    host.cleanup("c1");
    host.prepare("c2", "a");
    assertEquals(List.of("a"), host.mounts());
  }
}
