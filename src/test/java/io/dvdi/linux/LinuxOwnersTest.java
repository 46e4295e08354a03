// SPDX-License-Identifier: Apache-2.0
package io.dvdi.linux;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.dvdi.bindings.libc.libc_h;
import io.dvdi.lifecycle.MountIdentity;
import io.dvdi.lifecycle.Owner;
import io.dvdi.lifecycle.OwnerRefusedException;
import io.dvdi.testing.Eventually;
import io.dvdi.testing.MountTable;
import io.dvdi.testing.RealMounts;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class LinuxOwnersTest {
  @RegisterExtension private final RealMounts mounts = new RealMounts();
  private final LinuxOwners owners = new LinuxOwners();

  @Test
  void usersAreThoseOfTheHost() throws Exception {
    Owner nobody = owners.named("nobody");

    assertEquals(
        RealMounts.run("id", "-u", "nobody") + RealMounts.run("id", "-g", "nobody"),
        nobody.uid() + "\n" + nobody.gid() + "\n");
    assertFalse(nobody.isRoot());
    assertTrue(owners.named("root").isRoot());
  }

  @ParameterizedTest
  @ValueSource(strings = {"no-such-user", "65534", "", "ä", "no\nbody", "no\0body"})
  void anUnknownUserIsNamed(String user) {
    String refusal =
        String.valueOf(assertThrows(IOException.class, () -> owners.named(user)).getMessage());

    assertTrue(
        refusal.equals("this host has no user '" + user + "'; name one that `getent passwd` has")
            || user.contains("\0"),
        refusal);
  }

  @Test
  void aRootDirectoryIsGivenToTheUserAndHisGroup() throws Exception {
    Path volume = mounts.tmpfs("volume", "mode=750");
    Files.writeString(volume.resolve("file"), "roots");

    assertTrue(owners.give(volume, identity(volume), owners.named("nobody")));

    assertEquals("nobody:nogroup 750\n", stat(volume));
    assertEquals("root:root 644\n", stat(volume.resolve("file")), "what is below is left alone");
  }

  @Test
  void whatIsTheUsersAlreadyKeepsItsGroup() throws Exception {
    Path volume = mounts.tmpfs("volume", "mode=2770");
    RealMounts.run("chown", "nobody:games", volume.toString());

    assertFalse(owners.give(volume, identity(volume), owners.named("nobody")));

    assertEquals("nobody:games 2770\n", stat(volume));
  }

  @Test
  void aModeWithSpecialBitsStays() throws Exception {
    Path volume = mounts.tmpfs("volume", "mode=3775");

    owners.give(volume, identity(volume), owners.named("nobody"));

    assertEquals("nobody:nogroup 3775\n", stat(volume));
  }

  @Test
  void nothingIsGivenWhenTheVolumeIsNotMountedThereAnyMore() throws Exception {
    Path volume = mounts.tmpfs("volume", "mode=755");
    MountIdentity mount = identity(volume);
    mounts.unmount(volume);

    assertTrue(
        String.valueOf(
                assertThrows(
                        IOException.class, () -> owners.give(volume, mount, owners.named("nobody")))
                    .getMessage())
            .endsWith("is no longer on its mount"));

    assertEquals("root:root 755\n", stat(volume));
  }

  @Test
  void aLinkIsNotFollowed() throws Exception {
    Path volume = mounts.tmpfs("volume", "mode=755");
    Path link = Files.createSymbolicLink(mounts.folder().resolve("link"), volume);

    assertThrows(
        IOException.class, () -> owners.give(link, identity(volume), owners.named("nobody")));

    assertEquals("root:root 755\n", stat(volume));
  }

  @Test
  void aFileSystemThatRefusesIsToldFromOneThatFails() throws Exception {
    Path image = mounts.image("image", "ext4", 8);
    Path volume = mounts.newFolder("volume");
    mounts.mount("-o", "loop", image.toString(), volume.toString());
    RealMounts.run("chattr", "+i", volume.toString());

    OwnerRefusedException refusal =
        assertThrows(
            OwnerRefusedException.class,
            () -> owners.give(volume, identity(volume), owners.named("nobody")));
    assertTrue(
        String.valueOf(refusal.getMessage()).startsWith("chown to 65534:65534: EPERM"),
        refusal.toString());

    RealMounts.run("chattr", "-i", volume.toString());
    mounts.mount("-o", "remount,ro", volume.toString());
    LinuxException failure =
        assertThrows(
            LinuxException.class,
            () -> owners.give(volume, identity(volume), owners.named("nobody")));
    assertEquals("EROFS", failure.errnoName());
  }

  @Test
  void aFileSystemThatSaysYesAndChangesNothingHasRefused() throws Exception {
    Path source = mounts.newFolder("source");
    Path volume = mounts.newFolder("volume");
    Process rclone =
        new ProcessBuilder(
                "rclone", "mount", source.toString(), volume.toString(), "--config=/dev/null")
            .redirectErrorStream(true)
            .redirectOutput(mounts.folder().resolve("log").toFile())
            .start();
    try {
      Eventually.holds("rclone has mounted", () -> MountTable.at(volume).isPresent());
      OwnerRefusedException refusal =
          assertThrows(
              OwnerRefusedException.class,
              () -> owners.give(volume, identity(volume), owners.named("nobody")));
      assertEquals("chown(2) succeeded and changed nothing", refusal.getMessage());
    } finally {
      rclone.destroy(); // it unmounts
      rclone.waitFor();
    }
  }

  private static MountIdentity identity(Path path) throws IOException {
    try (OpenFile file = OpenFile.of(path, libc_h.O_PATH())) {
      return MountOfFile.of(file);
    }
  }

  private static String stat(Path path) throws Exception {
    return RealMounts.run("stat", "-c", "%U:%G %a", path.toString());
  }
}
