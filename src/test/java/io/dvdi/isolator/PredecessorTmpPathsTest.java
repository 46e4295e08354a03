// SPDX-License-Identifier: Apache-2.0
package io.dvdi.isolator;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.dvdi.testing.RealMounts;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/**
 * What mesos-module-dvdi does with container paths below /tmp, one test a rule: kept or mended.
 * docs/from-mesos-module-dvdi.md says the same in words.
 */
class PredecessorTmpPathsTest extends PredecessorFixture {
  private final List<Path> tmp = new ArrayList<>();

  @AfterEach
  void removeTmp() throws IOException {
    for (Path path : tmp.reversed()) {
      Files.deleteIfExists(path);
    }
  }

  private Path newTmp() throws Exception {
    Path path = Files.createTempDirectory(Path.of("/tmp"), "dvdi-test-");
    RealMounts.run("chmod", "755", path.toString());
    tmp.add(path);
    return path;
  }

  private Container atTmp(String id, Path path) {
    return task(id, "DVDI_VOLUME_NAME", "a", "DVDI_VOLUME_CONTAINERPATH", path.toString());
  }

  @Test
  void belowTmpAnAbsoluteContainerpathIsMadeAndStays() throws Exception {
    Path made = newTmp().resolve("one/two");
    tmp.addAll(List.of(made.getParent(), made));
    Launch launch = IsolatorFixture.success(host.isolator.prepare(atTmp("c1", made)));
    assertEquals(
        List.of(host.driver.path("a") + " -> " + made + " rw"), IsolatorFixture.binds(launch));
    assertEquals("root 755\n", RealMounts.run("stat", "-c", "%U %a", made.toString()));
    host.cleanup("c1");
    assertTrue(Files.isDirectory(made));
  }

  @Test
  void elsewhereItIsNotMade() {
    Path missing = Path.of("/var/tmp/dvdi-test-missing");
    String failure = host.prepareFails(atTmp("c1", missing));
    assertTrue(failure.endsWith("the folder " + missing + " does not exist"), failure);
    assertFalse(Files.exists(missing));
  }

  @Test
  void tmpIsNotLeftByDotsOrLinks() throws Exception {
    Path inside = newTmp();
    Path link = Files.createSymbolicLink(inside.resolve("link"), folder);
    tmp.add(link);
    assertTrue(
        host.prepareFails(atTmp("c1", Path.of("/tmp/../etc/x"))).contains("has a '..' in it"));
    assertTrue(host.prepareFails(atTmp("c2", link.resolve("x"))).contains("symbolic link"));
    assertFalse(Files.exists(folder.resolve("x")));
  }

  @Test
  void insideOfAFolderOfSomebodyElseNothingIsMade() throws Exception {
    Path theirs = newTmp();
    RealMounts.run("chown", "nobody", theirs.toString());
    String failure = host.prepareFails(atTmp("c1", theirs.resolve("x")));
    assertTrue(failure.contains("is not created, because " + theirs), failure);
    try (Stream<Path> files = Files.list(theirs)) {
      assertEquals(0, files.count());
    }
  }
}
