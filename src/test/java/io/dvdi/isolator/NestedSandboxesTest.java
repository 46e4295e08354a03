// SPDX-License-Identifier: Apache-2.0
package io.dvdi.isolator;

import static io.dvdi.isolator.IsolatorFixture.binds;
import static io.dvdi.isolator.IsolatorFixture.success;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.dvdi.volume.ContainerId;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** B19. Sandboxes of nested containers, which lie below those of their parents. */
class NestedSandboxesTest extends RunningIsolator {
  private Path nested;
  private Path elsewhere;

  @BeforeEach
  void createSandboxes() throws IOException {
    nested = Files.createDirectories(host.sandbox.resolve("containers/b/containers/c"));
    elsewhere = Files.createDirectories(folder.resolve("elsewhere/c"));
  }

  private Container container(String id, Path sandbox) {
    return new Container(
        new ContainerId(id),
        sandbox,
        Optional.empty(),
        List.of(
            Map.entry("DVDI_VOLUME_NAME", "a"),
            Map.entry("DVDI_VOLUME_CONTAINERPATH", "made/here")),
        List.of(),
        Optional.of("nobody"));
  }

  @Test
  void aVolumeIsInTheSandboxOfItsOwnContainer() {
    Launch launch = success(host.isolator.prepare(container("a.b.c", nested)));
    assertEquals(List.of(host.driver.path("a") + " -> " + nested + "/made/here rw"), binds(launch));
    host.cleanup("a.b.c");
  }

  /** Its user can put a link in the place of any folder below its own sandbox. */
  @Test
  void aParentDoesNotHaveFoldersMadeElsewhere() throws IOException {
    Path outer = host.sandbox.resolve("containers/b/containers");
    Files.move(outer, outer.resolveSibling("moved"));
    Path link = Files.createSymbolicLink(outer, elsewhere.getParent());
    String failure = host.prepareFails(container("a.b.c", nested));
    assertTrue(failure.contains(link + " is a symbolic link"), failure);
    try (Stream<Path> files = Files.list(elsewhere)) {
      assertEquals(0, files.count());
    }
  }

  @ParameterizedTest
  @CsvSource({
    "a,     /w/a,                           /w/a",
    "a.b,   /w/a/containers/b,              /w/a",
    "a.b.c, /w/a/containers/b/containers/c, /w/a",
    "a.x.c, /w/a/containers/b/containers/c, /w/a/containers/b",
    "a.b,   /w/other,                       /w/other",
    "a.b,   /containers/b,                  /containers/b",
  })
  void theOutermostSandboxFollowsFromTheId(String id, String sandbox, String outermost) {
    assertEquals(Path.of(outermost), container(id, Path.of(sandbox)).outermostSandbox());
  }
}
