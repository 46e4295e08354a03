// SPDX-License-Identifier: Apache-2.0
package io.dvdi.mount;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.dvdi.driver.Mountpoint;
import io.dvdi.mount.Proof.Now;
import io.dvdi.mount.Proof.Proven;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What is concluded from what the kernel says, on a host that is written down. */
class ProofTest {
  private static final Path PG = Path.of("/var/lib/volumes/pg");
  private static final MountIdentity ROOT = new MountIdentity(1, "8:1");
  private static final MountIdentity VOLUME = new MountIdentity(20, "7:0");
  private static final Duration PATIENT = Duration.ofSeconds(30);
  private static final Duration SHORT = Duration.ofMillis(500);

  private final ExecutorService threads = Executors.newCachedThreadPool();
  private final ScriptedMounts host = new ScriptedMounts();
  private final Proof proof = new Proof(host, threads, PATIENT);

  ProofTest() {
    host.mount(Path.of("/"), ROOT, new FileSystem("ext4", 100, 0, 50, false));
    host.folder(Path.of("/var"));
    host.folder(Path.of("/var/lib"));
    host.folder(Path.of("/var/lib/volumes"));
    host.folder(PG);
  }

  @AfterEach
  void release() throws Exception {
    host.release();
    threads.shutdown();
  }

  @Test
  void aNewMountIsProved() throws Exception {
    Mounts.Mark before = proof.mark();
    FileSystem xfs = new FileSystem("xfs", 5, 0, 4, false);
    host.mount(PG, VOLUME, xfs);

    assertEquals(new Proven(Optional.of(VOLUME), xfs), prove(PG, before));
  }

  @Test
  void aMountThatSomebodyElseMadeBeforeIsProvedByItsMountpoint() throws Exception {
    host.folder(Path.of("/var/lib/volumes"));
    host.mount(PG, VOLUME, new FileSystem("xfs", 5, 0, 4, false));

    assertEquals(Optional.of(VOLUME), prove(PG, proof.mark()).identity());
  }

  @Test
  void aDriverMayMountBelowAMountOfItsOwn() throws Exception {
    host.mount(Path.of("/var/lib/volumes"), new MountIdentity(7, "0:40"), tmpfs());
    Mounts.Mark before = proof.mark();
    host.mount(PG, VOLUME, new FileSystem("ext4", 5, 0, 4, false));

    assertEquals(Optional.of(VOLUME), prove(PG, before).identity());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        ".",
        "pg",
        "var/lib/volumes/pg",
        "../pg",
        "/var/../var/lib/volumes/pg",
        "/..",
        "/var/./lib"
      })
  void aPathThatIsNotAbsoluteAndPlainIsRefused(String path) throws Exception {
    host.mount(PG, VOLUME, tmpfs());

    String refusal = refusal(Path.of(path), proof.mark());

    assertTrue(refusal.contains("'" + path + "'"), refusal);
    assertTrue(refusal.contains("the driver is at fault"), refusal);
  }

  @Test
  void aPathThatIsNotThereIsRefused() throws Exception {
    String refusal = refusal(Path.of("/mnt/elsewhere"), proof.mark());

    assertTrue(refusal.contains("/mnt/elsewhere"), refusal);
    assertTrue(refusal.contains("another mount namespace?"), refusal);
  }

  @Test
  void aLinkThatWhoeverWritesToTheVolumeMayHaveMadeIsRefused() throws Exception {
    Mounts.Mark before = proof.mark();
    host.mount(PG, VOLUME, tmpfs());
    host.link(PG.resolve("data"));

    String refusal = refusal(PG.resolve("data"), before);

    assertTrue(refusal.contains(PG + "/data, but that is no directory"), refusal);
    assertTrue(refusal.contains("symbolic link is not followed"), refusal);
  }

  @Test
  void aDirectoryInTheVolumeIsProved() throws Exception {
    Mounts.Mark before = proof.mark();
    host.mount(PG, VOLUME, tmpfs());
    host.folder(PG.resolve("data"));

    assertEquals(Optional.of(VOLUME), prove(PG.resolve("data"), before).identity());
  }

  @Test
  void aLinkIsRefusedAlsoOfDriversThatHandOutPlainDirectories() {
    host.link(PG);

    ProofException e =
        assertThrows(
            ProofException.class,
            () -> proof.prove(new Mountpoint(PG, false, false), proof.mark(), true, true));

    assertTrue(String.valueOf(e.getMessage()).contains("is no directory"), e.toString());
  }

  @Test
  void aDirectoryOnWhichNothingIsMountedIsRefused() throws Exception {
    String refusal = refusal(PG, proof.mark());

    assertTrue(refusal.contains(PG + ", but that is a plain directory"), refusal);
    assertTrue(refusal.contains("nothing is mounted there"), refusal);
    assertTrue(refusal.contains("parameter plain_directories"), refusal);
  }

  @Test
  void aDirectoryOfAnotherDiskThatWasThereBeforeIsRefused() throws Exception {
    host.mount(Path.of("/var"), new MountIdentity(3, "8:2"), new FileSystem("xfs", 9, 0, 9, false));

    assertTrue(refusal(PG, proof.mark()).contains("nothing is mounted there"));
  }

  @Test
  void aBindOfTheHostsOwnDiskIsRefused() throws Exception {
    Mounts.Mark before = proof.mark();
    host.mount(PG, new MountIdentity(20, ROOT.device()), new FileSystem("ext4", 9, 0, 9, false));

    String refusal = refusal(PG, before);

    assertTrue(refusal.contains("a bind of device 8:1"), refusal);
  }

  @Test
  void plainDirectoriesAreForTheOperatorToAllow() throws Exception {
    Proven proven = proof.prove(new Mountpoint(PG, false, false), proof.mark(), true, true);

    assertEquals(Optional.empty(), proven.identity(), "a plain directory is no mount");
    assertEquals("ext4", proven.fileSystem().type());
  }

  @Test
  void aDirectoryThatTheOperatorAllowedByNameIsNoSurprise() throws Exception {
    Mounts.Mark before = proof.mark();
    MountIdentity bind = new MountIdentity(20, ROOT.device());
    host.mount(PG, bind, new FileSystem("ext4", 9, 0, 9, false));

    assertEquals(
        Optional.of(bind),
        proof.prove(new Mountpoint(PG, true, false), before, false, true).identity());
  }

  @Test
  void aReadOnlyMountIsRefusedToATaskThatWrites() throws Exception {
    host.mount(PG, VOLUME, new FileSystem("ext4", 5, 0, 4, true));

    String refusal = refusal(PG, proof.mark());

    assertTrue(refusal.contains("read-only at " + PG), refusal);
    assertTrue(refusal.contains("mode RO"), refusal);
  }

  @Test
  void aReadOnlyMountIsFineWhereThatIsWhatIsAskedFor() throws Exception {
    host.mount(PG, VOLUME, new FileSystem("ext4", 5, 0, 4, true));

    assertTrue(
        proof
            .prove(new Mountpoint(PG, false, false), proof.mark(), false, false)
            .fileSystem()
            .readOnly());
    assertTrue(
        proof
            .prove(new Mountpoint(PG, false, true), proof.mark(), false, true)
            .fileSystem()
            .readOnly());
  }

  @Test
  void aFileSystemWhoseServerIsDeadIsRefused() throws Exception {
    host.mount(PG, VOLUME, tmpfs());
    host.failFileSystem(PG, new IOException("statfs(" + PG + "): ENOTCONN"));

    String refusal = refusal(PG, proof.mark());

    assertTrue(refusal.contains(PG + ", but its file system does not answer"), refusal);
    assertTrue(refusal.contains("ENOTCONN"), refusal);
  }

  @Test
  void aFileSystemThatNeverAnswersIsRefusedAtTheDeadline() throws Exception {
    host.mount(PG, VOLUME, tmpfs());
    host.hangFileSystem(PG);
    Proof impatient = new Proof(host, threads, SHORT);

    ProofException e =
        assertThrows(
            ProofException.class,
            () -> impatient.prove(new Mountpoint(PG, false, false), proof.mark(), false, true));

    assertTrue(String.valueOf(e.getMessage()).contains("no answer within 500 ms"), e.toString());
  }

  @Test
  void aFileSystemThatNeverAnswersDoesNotHoldUpOthers() throws Exception {
    host.mount(PG, VOLUME, tmpfs());
    host.hangFileSystem(PG);
    Path other = Path.of("/var/lib/volumes/other");
    host.mount(other, new MountIdentity(21, "7:1"), tmpfs());
    Proof impatient = new Proof(host, threads, SHORT);

    assertEquals(Now.DEAD, impatient.now(PG, VOLUME));
    assertEquals(Now.INTACT, proof.now(other, new MountIdentity(21, "7:1")));
  }

  @Test
  void aDefectIsNotTakenForADeadServer() throws Exception {
    host.mount(PG, VOLUME, tmpfs());
    host.failFileSystem(PG, new IllegalArgumentException("a defect"));

    assertThrows(IllegalStateException.class, () -> prove(PG, proof.mark()));
  }

  @Test
  void anInterruptedLookSaysSoAndStaysInterrupted() throws Exception {
    host.mount(PG, VOLUME, tmpfs());
    host.hangFileSystem(PG);
    Thread.currentThread().interrupt();

    String refusal = refusal(PG, proof.mark());

    assertTrue(Thread.interrupted());
    assertTrue(refusal.contains("closing"), refusal);
  }

  @Test
  void aMountThatIsStillThereIsIntact() throws Exception {
    host.mount(PG, VOLUME, tmpfs());

    assertEquals(Now.INTACT, proof.now(PG, VOLUME));
  }

  @Test
  void aMountThatIsNotThereAnyMoreIsGone() throws Exception {
    assertEquals(Now.GONE, proof.now(PG, VOLUME));
    assertEquals(Now.GONE, proof.now(Path.of("/missing"), VOLUME));
  }

  @Test
  void anotherMountAtTheSamePlaceIsNotTheOneThatWasProved() throws Exception {
    host.mount(PG, new MountIdentity(21, VOLUME.device()), tmpfs());
    assertEquals(Now.GONE, proof.now(PG, VOLUME));

    host.mount(PG, new MountIdentity(VOLUME.mountId(), "7:9"), tmpfs());
    assertEquals(Now.GONE, proof.now(PG, VOLUME), "its number was used again");
  }

  @Test
  void aMountWhoseServerIsDeadIsDeadAndNotGone() throws Exception {
    host.mount(PG, VOLUME, tmpfs());

    host.failFileSystem(PG, new IOException("ENOTCONN"));
    assertEquals(Now.DEAD, proof.now(PG, VOLUME));

    host.failContaining(PG, new IOException("EIO"));
    assertEquals(Now.DEAD, proof.now(PG, VOLUME));
  }

  @Test
  void aMountpointLiesOnAnotherMountThanItsParent() throws Exception {
    assertFalse(proof.isMountpoint(PG));
    assertFalse(proof.isMountpoint(Path.of("/missing")));
    assertFalse(proof.isMountpoint(Path.of("/")));

    host.mount(PG, VOLUME, tmpfs());
    assertTrue(proof.isMountpoint(PG));

    host.failContaining(PG, new IOException("ENOTCONN"));
    assertTrue(proof.isMountpoint(PG), "only a mount can be dead");
  }

  private Proven prove(Path path, Mounts.Mark before) throws ProofException {
    return proof.prove(new Mountpoint(path, false, false), before, false, true);
  }

  private String refusal(Path path, Mounts.Mark before) {
    return String.valueOf(
        assertThrows(ProofException.class, () -> prove(path, before)).getMessage());
  }

  private static FileSystem tmpfs() {
    return new FileSystem("tmpfs", 1, 0, 1, false);
  }
}
