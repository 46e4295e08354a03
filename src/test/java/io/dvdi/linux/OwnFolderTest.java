// SPDX-License-Identifier: Apache-2.0
package io.dvdi.linux;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.dvdi.testing.RealMounts;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** B15. Folders in which only root can change anything. */
class OwnFolderTest {
  @TempDir Path folder;
  private Path above;
  private Path own;

  @BeforeEach
  void nameFolders() throws IOException {
    above = Files.createDirectory(folder.resolve("above"));
    own = above.resolve("a/own");
  }

  private String refusal() {
    String reason =
        String.valueOf(assertThrows(IOException.class, () -> OwnFolder.create(own)).getMessage());
    assertTrue(reason.contains(above.toString()), reason);
    return reason;
  }

  @Test
  void oneThatIsMissingIsCreatedWithWhatIsAboveIt() throws IOException {
    OwnFolder.create(own);
    for (Path path : new Path[] {own, own.getParent()}) {
      assertEquals("rwx------", PosixFilePermissions.toString(Files.getPosixFilePermissions(path)));
    }
  }

  @Test
  void oneInAFolderOfSomebodyElseIsNotCreated() throws Exception {
    RealMounts.run("chown", "nobody", above.toString());
    String reason = refusal();
    assertTrue(reason.contains("(nobody rwxr-xr-x)"), reason);
    assertTrue(reason.contains("on the path to " + own), reason);
    assertFalse(Files.exists(own.getParent()));
  }

  @Test
  void oneThatIsSomebodyElsesIsRefused() throws Exception {
    Files.createDirectories(own);
    RealMounts.run("chown", "nobody", own.toString());
    assertTrue(refusal().contains(own + " (nobody rwxr-xr-x) can be changed by others"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"777", "775", "1777"})
  void oneToWhichOthersCanWriteIsRefused(String mode) throws Exception {
    Files.createDirectories(own);
    RealMounts.run("chgrp", "nogroup", own.toString());
    RealMounts.run("chmod", mode, own.toString());
    assertTrue(refusal().contains("can be changed by others"));
  }

  @Test
  void oneInAStickyFolderOfRootsIsFine() throws Exception {
    RealMounts.run("chmod", "1777", above.toString());
    OwnFolder.create(own);
    assertTrue(Files.isDirectory(own));
  }

  @Test
  void inAStickyFolderALinkOfSomebodyElseIsNotFollowed() throws Exception {
    RealMounts.run("chmod", "1777", above.toString());
    Path elsewhere = Files.createDirectory(folder.resolve("elsewhere"));
    Path link = Files.createSymbolicLink(own.getParent(), elsewhere);
    RealMounts.run("chown", "--no-dereference", "nobody", link.toString());
    assertTrue(refusal().contains(link + " (nobody "));
    assertFalse(Files.exists(elsewhere.resolve("own")));
  }

  @Test
  void aLinkOfRootsIsFollowedToWhatIsLookedAtAsWell() throws Exception {
    Path elsewhere = Files.createDirectory(above.resolve("elsewhere"));
    Path unused = Files.createSymbolicLink(own.getParent(), Path.of("../above/elsewhere"));
    OwnFolder.create(own);
    assertTrue(Files.isDirectory(elsewhere.resolve("own")));
    RealMounts.run("chown", "nobody", elsewhere.toString());
    assertTrue(refusal().contains(elsewhere + " (nobody rwxr-xr-x)"));
  }

  @Test
  void linksWithoutAnEndAreRefused() throws Exception {
    Path unused = Files.createSymbolicLink(own.getParent(), Path.of("a"));
    assertTrue(refusal().contains("is a symbolic link"));
  }

  @Test
  void dotsLeadNowhereElse() throws Exception {
    OwnFolder.create(own);
    OwnFolder.check(own.resolve("../.././a/own"));
    RealMounts.run("chown", "nobody", above.toString());
    for (String path : List.of("above/a/../a/own", "none/../above/a", "none/new/../../above")) {
      assertThrows(IOException.class, () -> OwnFolder.check(folder.resolve(path)), path);
    }
  }

  @Test
  void oneThatIsALinkIsRefused() throws Exception {
    Path parent = Files.createDirectory(own.getParent());
    Path unused = Files.createSymbolicLink(own, parent);
    assertTrue(refusal().contains(own + " is a symbolic link"));
  }

  @Test
  void aFileIsRefused() throws Exception {
    Path file = Files.createFile(own.getParent());
    assertTrue(refusal().contains(file + " is a file"));
  }
}
