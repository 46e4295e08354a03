// SPDX-License-Identifier: Apache-2.0
package io.dvdi.mount;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.dvdi.driver.Mountpoint;
import io.dvdi.linux.LinuxMounts;
import io.dvdi.mount.Proof.Now;
import io.dvdi.mount.Proof.Proven;
import io.dvdi.testing.Eventually;
import io.dvdi.testing.MountTable;
import io.dvdi.testing.RealMounts;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** The proof on this machine's kernel. */
class RealProofTest {
  @RegisterExtension private final RealMounts mounts = new RealMounts();

  private final ExecutorService threads = Executors.newCachedThreadPool();
  private final Proof proof = new Proof(new LinuxMounts(), threads, Duration.ofSeconds(30));

  @AfterEach
  void end() {
    threads.shutdown();
  }

  @Test
  void aMountIsProvedFollowedAndSeenToGo() throws Exception {
    Path at = mounts.newFolder("volume");
    Mounts.Mark before = proof.mark();
    mounts.tmpfs("volume", "size=1m");

    Proven proven = prove(at, before);

    MountIdentity identity = proven.identity().orElseThrow();
    assertEquals(MountTable.at(at).orElseThrow().device(), identity.device());
    assertEquals(new FileSystem("tmpfs", 1 << 20, 0, 1 << 20, false), proven.fileSystem());
    assertTrue(proof.isMountpoint(at));
    assertEquals(Now.INTACT, proof.now(at, identity));

    mounts.unmount(at);
    assertFalse(proof.isMountpoint(at));
    assertEquals(Now.GONE, proof.now(at, identity));

    mounts.tmpfs("volume", "size=1m");
    assertEquals(Now.GONE, proof.now(at, identity), "another one");
  }

  @Test
  void aFolderOfTheHostIsRefused() throws Exception {
    Path at = mounts.newFolder("volume");

    assertThrows(ProofException.class, () -> prove(at, proof.mark()));
    assertThrows(ProofException.class, () -> prove(at, proof.mark()));
  }

  @Test
  void aLinkInAVolumeToTheHostsOwnFoldersIsRefused() throws Exception {
    Mounts.Mark before = proof.mark();
    Path volume = mounts.tmpfs("volume", "size=1m");
    Path data = Files.createDirectory(volume.resolve("data"));
    assertTrue(prove(data, before).identity().isPresent(), "a directory in it is none");
    Files.delete(data);
    Files.createSymbolicLink(data, Path.of("/etc"));

    ProofException e = assertThrows(ProofException.class, () -> prove(data, before));

    assertTrue(
        String.valueOf(e.getMessage()).contains(data + ", but that is no directory"), e.toString());
  }

  @Test
  void aLinkToAMountIsRefusedAndTheMountItselfProved() throws Exception {
    Mounts.Mark before = proof.mark();
    Path volume = mounts.tmpfs("volume", "size=1m");
    Path link = Files.createSymbolicLink(mounts.folder().resolve("link"), volume);
    Path above = Files.createSymbolicLink(mounts.folder().resolve("above"), mounts.folder());

    ProofException e = assertThrows(ProofException.class, () -> prove(link, before));

    assertTrue(String.valueOf(e.getMessage()).contains("the path of the mount itself"));
    assertTrue(prove(volume, before).identity().isPresent());
    assertTrue(prove(above.resolve("volume"), before).identity().isPresent(), "/var/run, and such");
  }

  @Test
  void aBindOfTheHostsRootFileSystemIsRefused() throws Exception {
    Path at = mounts.newFolder("volume");
    Mounts.Mark before = proof.mark();
    mounts.mount("--bind", "/etc", at.toString());

    ProofException e = assertThrows(ProofException.class, () -> prove(at, before));

    assertTrue(String.valueOf(e.getMessage()).contains("a bind of device"), e.toString());
  }

  @Test
  void aReadOnlyMountIsRefused() throws Exception {
    Path at = mounts.tmpfs("volume", "size=1m,ro");

    assertThrows(ProofException.class, () -> prove(at, proof.mark()));
  }

  @Test
  void aFuseMountWhoseProcessWasKilledIsDead() throws Exception {
    assertTrue(
        Files.isExecutable(Path.of("/usr/bin/rclone")),
        "rclone is missing; install it with: apt-get install rclone fuse3");
    Path source = mounts.newFolder("source");
    Path at = mounts.newFolder("volume");
    Process server =
        new ProcessBuilder(
                "rclone", "mount", "--config=/dev/null", ":local:" + source, at.toString())
            .redirectErrorStream(true)
            .redirectOutput(mounts.folder().resolve("rclone.log").toFile())
            .start();
    try {
      Eventually.holds("rclone has mounted", () -> MountTable.at(at).isPresent());
      MountIdentity identity = prove(at, proof.mark()).identity().orElseThrow();
      assertEquals(Now.INTACT, proof.now(at, identity));

      server.destroyForcibly().waitFor();

      assertEquals(Now.DEAD, proof.now(at, identity));
      assertTrue(proof.isMountpoint(at));
      ProofException e = assertThrows(ProofException.class, () -> prove(at, proof.mark()));
      assertTrue(String.valueOf(e.getMessage()).contains("ENOTCONN"), e.toString());
    } finally {
      server.destroyForcibly().waitFor();
    }
  }

  private Proven prove(Path path, Mounts.Mark before) throws ProofException {
    return proof.prove(new Mountpoint(path, false, false), before, false, true);
  }
}
