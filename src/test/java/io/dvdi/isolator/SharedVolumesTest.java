// SPDX-License-Identifier: Apache-2.0
package io.dvdi.isolator;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.dvdi.volume.ContainerId;
import io.dvdi.volume.ContainerVolume;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Who mounts, who unmounts, and what a container is told. */
class SharedVolumesTest {
  @TempDir Path folder;
  IsolatorFixture host;

  @BeforeEach
  void start() throws IOException {
    host = new IsolatorFixture(folder);
  }

  @AfterEach
  void stop() throws IOException {
    host.close();
  }

  @Test
  void aContainerWithoutVolumesLeavesNoTrace() {
    Launch launch = host.prepare("c1");
    host.cleanup("c1");
    assertEquals(new Launch(List.of(), Map.of()), launch);
    assertEquals(0, host.recordCount());
    assertEquals(List.of(), host.driver.calls);
  }

  @ParameterizedTest
  @CsvSource({"c1,c2", "c2,c1"})
  void theFirstUserMountsAndTheLastUnmounts(String firstToEnd, String lastToEnd) {
    host.prepare("c1", "data");
    host.prepare("c2", "data");
    assertEquals(List.of("data"), host.mounts());
    host.cleanup(firstToEnd);
    assertEquals(List.of("data"), host.mounts());
    host.cleanup(lastToEnd);
    assertEquals(List.of(), host.mounts());
    assertEquals(List.of("mount data", "unmount data"), host.driver.calls);
    assertEquals(0, host.recordCount());
  }

  @Test
  void aVolumeThatIsMountedIsSharedWithoutOptionsAlsoWhereItCouldNotBeMountedWithoutThem() {
    host.driver.needsOptions();
    assertTrue(host.prepareFails(host.container("c0", "data")).contains("has no options"));
    IsolatorFixture.success(
        host.isolator.prepare(
            host.container(
                "c1",
                List.of(
                    Map.entry("DVDI_VOLUME_NAME", "data"),
                    Map.entry("DVDI_VOLUME_OPTS", "size=1m")))));
    host.prepare("c2", "data");
    host.cleanup("c1");
    host.cleanup("c2");
    assertEquals(List.of("mount data", "unmount data"), host.driver.calls);
  }

  @Test
  void aTaskIsToldWhereItsVolumesAreUnderTheSuffixesThatItUsed() {
    Launch launch =
        IsolatorFixture.success(
            host.isolator.prepare(
                host.container(
                    "c1",
                    List.of(
                        Map.entry("DVDI_VOLUME_NAME", "a"),
                        Map.entry("DVDI_VOLUME_NAME7", "b"),
                        Map.entry("DVDI_VOLUME_CONTAINERPATH7", "in/here")))));
    assertEquals(
        Map.of(
            "DVDI_VOLUME_MOUNTPOINT", host.driver.path("a").toString(),
            "DVDI_VOLUME_MOUNTPOINT7", host.sandbox.resolve("in/here").toString()),
        launch.environment());
    assertEquals(
        List.of(
            host.driver.path("a") + " -> " + host.driver.path("a") + " rw",
            host.driver.path("b") + " -> " + host.sandbox.resolve("in/here") + " rw"),
        IsolatorFixture.binds(launch));
  }

  @Test
  void aReadOnlyVolumeOfContainerInfoIsBoundReadOnly() {
    Launch launch =
        IsolatorFixture.success(
            host.isolator.prepare(
                host.container(
                    "c1", new ContainerVolume(Optional.of("tmp"), "a", "data", List.of(), true))));
    assertEquals(
        List.of(host.driver.path("a") + " -> " + host.sandbox.resolve("data") + " ro"),
        IsolatorFixture.binds(launch));
  }

  @Test
  void theHostIsToldWhichMountItIsToBind() {
    Launch launch =
        IsolatorFixture.success(
            host.isolator.prepare(
                host.container(
                    "c1", new ContainerVolume(Optional.of("tmp"), "a", "data", List.of(), false))));
    Launch.Mount mount = launch.binds().get(0).mount().orElseThrow();
    assertEquals(host.driver.path("a").toString(), mount.mountpoint());
    assertEquals("/", mount.root());
    assertTrue(mount.device().matches("0:[0-9]+"), mount.device());
  }

  @Test
  void aSecondUserWithOtherOptionsIsRefusedAndTheFirstKeepsItsVolume() {
    IsolatorFixture.success(host.isolator.prepare(withOptions("c1", "size=1,password=s3cret")));
    String failure = host.prepareFails(withOptions("c2", "size=2,password=s3cret"));
    assertTrue(failure.contains("other options"), failure);
    assertTrue(failure.contains("'data'") && failure.contains("c1"), failure);
    assertTrue(!failure.contains("s3cret"), failure);
    // The same in another order, or none at all, is fine.
    IsolatorFixture.success(host.isolator.prepare(withOptions("c3", "password=s3cret,size=1")));
    host.prepare("c4", "data");
    assertEquals(1, host.driver.count("mount data"));
    assertTrue(host.log.stream().noneMatch(line -> line.contains("s3cret")), host.log.toString());
  }

  private Container withOptions(String id, String options) {
    return host.container(
        id, List.of(Map.entry("DVDI_VOLUME_NAME", "data"), Map.entry("DVDI_VOLUME_OPTS", options)));
  }

  @Test
  void manyContainersAtOnceOnFewVolumesLeaveNothing() {
    Random random = new Random(4711);
    List<CompletableFuture<?>> ended = new ArrayList<>();
    for (int i = 0; i < 300; i++) {
      String id = "c" + i;
      String first = "v" + random.nextInt(8);
      String second = "w" + random.nextInt(8);
      ended.add(
          host.isolator
              .prepare(host.container(id, first, second))
              .thenCompose(launch -> host.isolator.cleanup(new ContainerId(id))));
    }
    ended.forEach(IsolatorFixture::success);
    assertEquals(List.of(), host.mounts());
    assertEquals(0, host.recordCount());
    for (int i = 0; i < 8; i++) {
      assertEquals(host.driver.count("mount v" + i), host.driver.count("unmount v" + i));
    }
  }

  @Test
  void aContainerIsPreparedOnce() {
    host.prepare("c1", "data");
    assertEquals(
        "Container has already been prepared", host.prepareFails(host.container("c1", "data")));
    host.cleanup("c1");
    host.prepare("c1", "data");
  }

  @Test
  void cleanupOfAnUnknownContainerAndASecondCleanupAreNoErrors() {
    host.cleanup("never-heard-of");
    host.prepare("c1", "data");
    host.cleanup("c1");
    host.cleanup("c1");
    assertEquals(1, host.driver.count("unmount data"));
  }

  @Test
  void aTaskCannotAskForThousandsOfVolumes() {
    ContainerVolume volume = new ContainerVolume(Optional.of("tmp"), "a", "data", List.of(), false);
    Container many =
        new Container(
            new ContainerId("c1"),
            host.sandbox,
            Optional.empty(),
            List.of(),
            java.util.Collections.nCopies(33, volume),
            Optional.empty());
    assertTrue(host.prepareFails(many).contains("at most 32"));
    assertEquals(List.of(), host.driver.calls);
  }

  @Test
  void aVolumeThatBecameReadOnlyIsNotSharedWithATaskThatWrites() throws Exception {
    host.prepare("c1", "data");
    assertEquals(
        0,
        new ProcessBuilder("mount", "-o", "remount,ro", host.driver.path("data").toString())
            .start()
            .waitFor());
    assertTrue(host.prepareFails(host.container("c2", "data")).contains("read-only"));
  }
}
