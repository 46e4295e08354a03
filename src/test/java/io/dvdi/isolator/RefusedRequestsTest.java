// SPDX-License-Identifier: Apache-2.0
package io.dvdi.isolator;

import static io.dvdi.isolator.IsolatorFixture.failure;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** Requests that are refused before anything is mounted. */
class RefusedRequestsTest extends RunningIsolator {
  @Test
  void containerPathsInsideOfEachOtherAreRefused() {
    for (List<String> paths : List.of(List.of("a", "a/b"), List.of("a/b/c", "a"))) {
      String failure =
          host.prepareFails(
              host.container(
                  "c1",
                  List.of(
                      Map.entry("DVDI_VOLUME_NAME", "a"),
                      Map.entry("DVDI_VOLUME_CONTAINERPATH", paths.get(0)),
                      Map.entry("DVDI_VOLUME_NAME1", "b"),
                      Map.entry("DVDI_VOLUME_CONTAINERPATH1", paths.get(1)))));
      assertTrue(failure.contains("is inside"), failure);
    }
    assertEquals(List.of(), host.driver.calls);
  }

  @Test
  void aContainerPathThatWouldCoverTheSandboxIsRefused() {
    String failure =
        host.prepareFails(
            host.container(
                "c1",
                List.of(
                    Map.entry("DVDI_VOLUME_NAME", "a"),
                    Map.entry("DVDI_VOLUME_CONTAINERPATH", host.folder.toString()))));
    assertTrue(failure.contains("cover the task's own sandbox"), failure);
  }

  /** A16. Else the task would start, and not see the volume. */
  @Test
  void aVolumeWithoutAContainerPathIsRefusedInAnImage() throws IOException {
    Container plain = host.container("c1", List.of(Map.entry("DVDI_VOLUME_NAME1", "a")));
    Container inImage =
        new Container(
            plain.id(),
            plain.sandbox(),
            Optional.of(
                new Container.Image(
                    Files.createDirectory(host.folder.resolve("image")),
                    Path.of("/mnt/mesos/sandbox"))),
            plain.environment(),
            plain.volumes(),
            plain.user());

    String failure = host.prepareFails(inImage);

    assertTrue(failure.contains("image"), failure);
    assertTrue(failure.endsWith("set DVDI_VOLUME_CONTAINERPATH1"), failure);
    assertEquals(List.of(), host.driver.calls);
  }

  @Test
  void badRequestsTouchNothing() {
    List<Map.Entry<String, String>> bad =
        List.of(
            Map.entry("DVDI_VOLUME_NAME", "a"), Map.entry("DVDI_VOLUME_CONTAINERPATH", "../up"));
    String failure = host.prepareFails(host.container("c1", bad));
    assertTrue(failure.contains("DVDI_VOLUME_CONTAINERPATH"), failure);
    failure =
        host.prepareFails(
            host.container(
                "c2",
                List.of(
                    Map.entry("DVDI_VOLUME_NAME", "a"),
                    Map.entry("DVDI_VOLUME_DRIVER", "unheard-of"))));
    assertTrue(failure.contains("unheard-of"), failure);
    for (String path : List.of("/etc", "/usr/lib/x", "/proc")) {
      failure =
          host.prepareFails(
              host.container(
                  "c3",
                  List.of(
                      Map.entry("DVDI_VOLUME_NAME", "a"),
                      Map.entry("DVDI_VOLUME_CONTAINERPATH", path))));
      assertTrue(failure.contains("system folder") && failure.contains(path), failure);
    }
    assertEquals(List.of(), host.driver.calls);
    assertEquals(0, host.recordCount());
  }

  @Test
  void prepareBeforeRecoverIsRefused() throws IOException {
    Isolator fresh = host.newIsolator("this-boot");
    assertTrue(failure(fresh.prepare(host.container("c1", "a"))).contains("recover"));
  }
}
