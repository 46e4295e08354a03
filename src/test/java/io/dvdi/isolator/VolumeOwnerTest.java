// SPDX-License-Identifier: Apache-2.0
package io.dvdi.isolator;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.dvdi.lifecycle.MountIdentity;
import io.dvdi.lifecycle.Owner;
import io.dvdi.lifecycle.OwnerRefusedException;
import io.dvdi.lifecycle.Owners;
import io.dvdi.linux.LinuxOwners;
import io.dvdi.testing.RealMounts;
import io.dvdi.volume.ContainerId;
import io.dvdi.volume.ContainerVolume;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** To whom a volume belongs, with volume_owner as task. */
class VolumeOwnerTest {
  @TempDir Path folder;
  IsolatorFixture host;

  @BeforeEach
  void start() throws IOException {
    host = new IsolatorFixture(folder);
    host.ownedByTask = true;
    host.renew();
    host.driver.tmpfs("data", "mode=755");
  }

  @AfterEach
  void stop() throws IOException {
    host.close();
  }

  private Container task(String id, String user) {
    return new Container(
        new ContainerId(id),
        host.sandbox,
        Optional.empty(),
        List.of(Map.entry("DVDI_VOLUME_NAME", "data")),
        List.of(),
        Optional.of(user).filter(name -> !name.isEmpty()));
  }

  private void starts(String id, String user) {
    IsolatorFixture.success(host.isolator.prepare(task(id, user)));
  }

  private String owner() throws Exception {
    return RealMounts.run("stat", "-c", "%U:%G %a", host.driver.path("data").toString()).strip();
  }

  @Test
  void aTaskOfAnotherUserCanWriteItsVolume() throws Exception {
    starts("c1", "nobody");
    assertEquals("nobody:nogroup 755", owner());
    // From inside, as the folders of a test are closed to others.
    RealMounts.run(
        "sh",
        "-c",
        "cd \"$1\" && setpriv --reuid=nobody --regid=nogroup --clear-groups touch file",
        "sh",
        host.driver.path("data").toString());
  }

  @Test
  void whoComesSecondDoesNotGetIt() throws Exception {
    starts("c1", "nobody");
    starts("c2", "daemon");
    starts("c3", "");
    assertEquals("nobody:nogroup 755", owner());
    // Nor when the first has gone, nor after a restart of the agent.
    host.cleanup("c1");
    starts("c4", "daemon");
    host.restart("c2", "c3", "c4");
    starts("c5", "games");
    assertEquals("nobody:nogroup 755", owner());
  }

  @Test
  void whoeverHasItMountedNextGetsIt() throws Exception {
    starts("c1", "nobody");
    host.cleanup("c1");
    starts("c2", "daemon");
    assertEquals("daemon:daemon 755", owner());
  }

  @Test
  void withoutTheParameterItIsLeftAlone() throws Exception {
    host.ownedByTask = false;
    host.restart();
    starts("c1", "nobody");
    assertEquals("root:root 755", owner());
  }

  @Test
  void rootNeedsNoVolumeOfItsOwn() throws Exception {
    starts("c1", "root");
    assertEquals("root:root 755", owner());
    assertTrue(host.log.stream().noneMatch(line -> line.contains("volume_owner")));
  }

  @Test
  void forATaskThatOnlyReadsNothingIsChanged() throws Exception {
    Container reader =
        new Container(
            new ContainerId("c1"),
            host.sandbox,
            Optional.empty(),
            List.of(),
            List.of(new ContainerVolume(Optional.of("tmp"), "data", "data", List.of(), true)),
            Optional.of("nobody"));
    IsolatorFixture.success(host.isolator.prepare(reader));
    assertEquals("root:root 755", owner());
  }

  @Test
  void aPlainDirectoryOfTheHostKeepsItsOwner() throws Exception {
    host.plainDirectories = Set.of("tmp");
    host.restart();
    host.driver.insteadOfMount("data", () -> {});
    starts("c1", "nobody");
    assertTrue(owner().startsWith("root:root"), owner());
    assertTrue(
        host.log.stream().anyMatch(line -> line.contains("keeps its owner (volume_owner)")),
        host.log.toString());
  }

  @Test
  void anUnknownUserFailsTheTaskBeforeAnythingIsMounted() {
    String failure = host.prepareFails(task("c1", "no-such-user"));
    assertEquals(
        "the volumes cannot be given to the task's user 'no-such-user' (volume_owner): this host"
            + " has no user 'no-such-user'; name one that `getent passwd` has",
        failure);
    assertEquals(List.of(), host.driver.calls);
  }

  /** Faults that no file system of this host has. */
  private abstract static class FaultyOwners implements Owners {
    @Override
    public Owner named(String user) throws IOException {
      return new LinuxOwners().named(user);
    }
  }

  @Test
  void aFileSystemThatRefusesOwnersIsUsedAsItIsWithAWarning() {
    host.owners =
        new FaultyOwners() {
          @Override
          public boolean give(Path directory, MountIdentity mount, Owner owner) throws IOException {
            throw new OwnerRefusedException("chown: ENOSYS", null);
          }
        };
    host.restart();
    starts("c1", "nobody");
    assertTrue(
        host.log.stream()
            .anyMatch(
                line ->
                    line.startsWith("WARNING volume 'data'")
                        && line.contains("ENOSYS")
                        && line.contains("uid and gid")),
        host.log.toString());
  }

  @Test
  void anotherFailureFailsTheTaskAndLeavesNothingMounted() {
    host.owners =
        new FaultyOwners() {
          @Override
          public boolean give(Path directory, MountIdentity mount, Owner owner) throws IOException {
            throw new IOException("EIO");
          }
        };
    host.restart();
    String failure = host.prepareFails(task("c1", "nobody"));
    assertEquals(
        "volume 'data' (driver tmp) cannot be given to the task's user (volume_owner):" + " EIO",
        failure);
    IsolatorFixture.eventually(
        "it is undone", () -> host.mounts().isEmpty() && host.recordCount() == 0);
  }

  @Test
  void aSourceOfUsersThatDoesNotAnswerFailsTheTaskInTime() {
    CountDownLatch never = new CountDownLatch(1);
    host.mountTimeout = Duration.ofSeconds(2);
    host.owners =
        new FaultyOwners() {
          @Override
          public Owner named(String user) throws IOException {
            try {
              never.await();
            } catch (InterruptedException e) {
              throw new IOException(e);
            }
            return super.named(user);
          }

          @Override
          public boolean give(Path directory, MountIdentity mount, Owner owner) {
            return false;
          }
        };
    host.restart();
    String failure = host.prepareFails(task("c1", "nobody"));
    assertTrue(failure.startsWith("the task's user could not be looked up within 2 s"), failure);
    never.countDown();
    // Who needs no owner is not held up.
    starts("c2", "");
  }
}
