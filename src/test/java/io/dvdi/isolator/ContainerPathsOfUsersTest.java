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
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** B13. Where on the host the tasks of ordinary users may have volumes. */
class ContainerPathsOfUsersTest extends RunningIsolator {
  private Path allowed;

  @BeforeEach
  void allow() throws IOException {
    allowed = Files.createDirectory(folder.resolve("allowed"));
    host.containerPaths = List.of(folder.resolve("other"), allowed);
    host.renew();
  }

  private Container task(Optional<String> user, Optional<Container.Image> image, Path path) {
    return new Container(
        new ContainerId("c1"),
        host.sandbox,
        image,
        List.of(
            Map.entry("DVDI_VOLUME_NAME", "a"),
            Map.entry("DVDI_VOLUME_CONTAINERPATH", path.toString())),
        List.of(),
        user);
  }

  private void isAt(Container task, Path target) {
    Launch launch = success(host.isolator.prepare(task));
    assertEquals(List.of(host.driver.path("a") + " -> " + target + " rw"), binds(launch));
    host.cleanup("c1");
  }

  private Container nobodys(Path path) {
    return task(Optional.of("nobody"), Optional.empty(), path);
  }

  @Test
  void elsewhereOnTheHostTheyHaveNone() throws IOException {
    Path similar = Files.createDirectory(folder.resolve("allowed2"));
    for (Path path : List.of(Path.of("/var"), Path.of("/var/lib"), similar)) {
      String failure = host.prepareFails(nobodys(path));
      assertTrue(failure.contains("the container path " + path + " is on the host"), failure);
      assertTrue(failure.contains("'nobody'"), failure);
      assertTrue(failure.contains(": " + folder + "/other, " + allowed + " (parameter"), failure);
    }
    assertEquals(List.of(), host.driver.calls);
  }

  @Test
  void inTheFoldersThatTheOperatorAllowsTheyDo() throws IOException {
    isAt(nobodys(allowed), allowed);
    Path below = Files.createDirectories(allowed.resolve("a/b"));
    isAt(nobodys(below), below);
  }

  @Test
  void aLinkDoesNotLeadOutOfThem() throws IOException {
    Path link = Files.createSymbolicLink(allowed.resolve("link"), Path.of("/var"));
    String failure = host.prepareFails(nobodys(link.resolve("lib")));
    assertTrue(failure.contains("symbolic link"), failure);
  }

  @Test
  void notEvenWhereTheOperatorAllowsThemAllDoTheyCoverTheSystem() {
    host.containerPaths = List.of(Path.of("/etc"));
    host.renew();
    String failure = host.prepareFails(nobodys(Path.of("/etc")));
    assertTrue(failure.contains("system folder"), failure);
  }

  @Test
  void inTheirSandboxesTheyMayHaveThemAnywhere() {
    isAt(nobodys(Path.of("data/here")), host.sandbox.resolve("data/here"));
  }

  @Test
  void inAnImageTheyMayHaveThemAnywhere() throws IOException {
    Path root = Files.createDirectory(folder.resolve("image"));
    Container.Image image = new Container.Image(root, Path.of("/mnt/mesos/sandbox"));
    isAt(
        task(Optional.of("nobody"), Optional.of(image), Path.of("/var/lib/x")),
        root.resolve("var/lib/x"));
  }

  @Test
  void tasksOfRootMayHaveThemWhereverTheFolderExists() throws IOException {
    Path elsewhere = Files.createDirectory(folder.resolve("elsewhere"));
    isAt(task(Optional.of("root"), Optional.empty(), elsewhere), elsewhere);
    isAt(task(Optional.empty(), Optional.empty(), elsewhere), elsewhere);
  }

  /** B16. Only root can go to it where the host has it. */
  @Test
  void aVolumeThatIsClosedOnTheHostNeedsAPath() {
    host.driver.closed = true;
    List<Map.Entry<String, String>> noPath = List.of(Map.entry("DVDI_VOLUME_NAME1", "a"));
    Container nobodys =
        new Container(
            new ContainerId("c1"),
            host.sandbox,
            Optional.empty(),
            noPath,
            List.of(),
            Optional.of("nobody"));
    String failure = host.prepareFails(nobodys);
    assertTrue(failure.contains("set DVDI_VOLUME_CONTAINERPATH1 to a path"), failure);
    assertEquals(List.of(), host.driver.calls);
    isAt(nobodys(Path.of("data")), host.sandbox.resolve("data"));
    Launch roots = success(host.isolator.prepare(host.container("c2", noPath)));
    assertEquals(
        Map.of("DVDI_VOLUME_MOUNTPOINT1", host.driver.path("a").toString()), roots.environment());
    host.cleanup("c2");
  }
}
