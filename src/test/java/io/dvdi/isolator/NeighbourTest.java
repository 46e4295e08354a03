// SPDX-License-Identifier: Apache-2.0
package io.dvdi.isolator;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.dvdi.volume.ContainerId;
import io.dvdi.volume.ContainerVolume;
import io.dvdi.volume.VolumeId;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Beside Mesos' own docker/volume, on real mounts. */
class NeighbourTest {
  @TempDir Path folder;
  private final Set<VolumeId> theirs = ConcurrentHashMap.newKeySet();
  private IsolatorFixture host;

  @BeforeEach
  void start() throws IOException {
    host = new IsolatorFixture(folder);
    host.neighbour = Optional.of(new Neighbour(() -> theirs));
    host.renew();
  }

  @AfterEach
  void stop() throws IOException {
    host.close();
  }

  private static ContainerVolume volume(String driver, String name) {
    return new ContainerVolume(
        Optional.of(driver).filter(d -> !d.isEmpty()), name, "path", List.of(), false);
  }

  private Container container(String id, String variable, ContainerVolume... volumes) {
    return new Container(
        new ContainerId(id),
        host.sandbox,
        Optional.empty(),
        variable.isEmpty() ? List.of() : List.of(Map.entry("DVDI_VOLUME_NAME", variable)),
        List.of(volumes),
        Optional.empty());
  }

  @Test
  void volumesOfContainerInfoAreLeftToIt() {
    assertEquals(
        Launch.NOTHING,
        IsolatorFixture.success(
            host.isolator.prepare(container("c1", "", volume("tmp", "a"), volume("", "")))));
    host.cleanup("c1");
    assertEquals(List.of(), host.driver.calls);
  }

  @Test
  void variablesAreServedBesideIt() {
    Launch launch =
        IsolatorFixture.success(
            host.isolator.prepare(container("c1", "a", volume("tmp", "b"), volume("x", "a"))));
    assertEquals(Set.of("DVDI_VOLUME_MOUNTPOINT"), launch.environment().keySet());
    assertEquals(List.of("a"), host.mounts());
    host.cleanup("c1");
  }

  @Test
  void aVolumeInBothFormsIsMountedByNeither() {
    String failure =
        host.prepareFails(container("c1", "a", volume("tmp", "b"), volume("tmp", "a")));
    assertTrue(
        failure.startsWith(
            "volume 'a' (driver tmp) is asked for in two forms, by DVDI_VOLUME_NAME and by volume 2"
                + " of the task's container; "),
        failure);
    assertEquals(List.of(), host.driver.calls);
  }

  @Test
  void aVolumeThatItHasMountedForAnotherTaskIsRefused() {
    theirs.add(new VolumeId("tmp", "a"));
    String failure = host.prepareFails(container("c1", "a"));
    assertTrue(failure.contains("Mesos' docker/volume has it mounted for another task"), failure);
    assertEquals(List.of(), host.driver.calls);
    theirs.clear();
    host.prepare("c2", "a");
    host.cleanup("c2");
  }

  @Test
  void aVolumeThatIsOursIsNotLeftToItForAnotherTask() {
    host.prepare("c1", "a");
    String failure = host.prepareFails(container("c2", "", volume("tmp", "a")));
    assertTrue(failure.contains("dvdi has it mounted for another task"), failure);
    host.cleanup("c1");
    assertEquals(
        Launch.NOTHING,
        IsolatorFixture.success(host.isolator.prepare(container("c2", "", volume("tmp", "a")))));
  }
}
