// SPDX-License-Identifier: Apache-2.0
package io.dvdi.linux;

import static io.dvdi.linux.Looks.assertRefused;
import static io.dvdi.linux.Looks.look;
import static io.dvdi.linux.Looks.momentWithoutPath;
import static io.dvdi.linux.Looks.mounted;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.dvdi.lifecycle.Evidence;
import io.dvdi.lifecycle.Moment;
import io.dvdi.lifecycle.Seen;
import io.dvdi.lifecycle.Seen.NotMounted;
import io.dvdi.testing.MountTable;
import io.dvdi.testing.RealMounts;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Which mount is new and which is known, also on kernels that use mount IDs again. */
class KernelLookAgeTest {
  @RegisterExtension private final RealMounts mounts = new RealMounts();
  private final ExecutorService threads = Executors.newCachedThreadPool();

  @AfterEach
  void end() {
    threads.shutdown();
  }

  private KernelLook kernel(boolean uniqueIds) throws Exception {
    return Looks.kernel(threads, uniqueIds);
  }

  private Path folderOfAMount(String name) throws Exception {
    return Files.createDirectory(mounts.tmpfs(name, "size=1m").resolve("data"));
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void aDiskIsNotNewWhenTheMountOnItIsGone(boolean uniqueIds) throws Exception {
    KernelLook kernel = kernel(uniqueIds);
    Path data = folderOfAMount("disk");
    mounts.tmpfs("disk/data", "size=1m");
    Moment before = look(kernel, data).moment();
    mounts.unmount(data);

    assertEquals(new NotMounted(true), look(kernel, data, before).place());
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void ageIsToldAlsoWhenTheNewestMountOfTheMomentIsGone(boolean uniqueIds) throws Exception {
    KernelLook kernel = kernel(uniqueIds);
    Path old = folderOfAMount("old");
    Path newest = mounts.tmpfs("newest", "size=1m");
    Moment before = momentWithoutPath(kernel);
    Path data = folderOfAMount("new");
    mounts.unmount(newest);

    assertIsSeenAt("new", look(kernel, data, before));
    assertEquals(new NotMounted(true), look(kernel, old, before).place());

    mounts.tmpfs("newest", "size=1m");
    Path newer = folderOfAMount("newer");
    assertIsSeenAt("newer", look(kernel, newer, before));
    assertEquals(new NotMounted(true), look(kernel, old, before).place());
  }

  /** It may be the volume's: it is neither given to a task, nor taken for unmounted. */
  @Test
  void aMountWhoseAgeCannotBeToldIsSeenAndRefused() throws Exception {
    Path newest = mounts.tmpfs("newest", "size=1m");
    Moment before = momentWithoutPath(kernel(false));
    Path data = folderOfAMount("a");
    Path at = mounts.folder().resolve("a");
    Evidence there = mounted(look(kernel(false), at)).mount();
    mounts.unmount(newest);
    KernelLook ofTheNextAgent = kernel(false);

    Seen seen = look(ofTheNextAgent, data, before);

    assertEquals(there, mounted(seen).mount());
    assertRefused(seen, "it is not known whether the mount at " + at);
    Seen allowed =
        ofTheNextAgent.look(
            "", Optional.of(data.toString()), Optional.empty(), Optional.of(before), true);
    assertEquals(new NotMounted(true), allowed.place(), "a directory, as the operator allows");
    Evidence above = at(there, data.resolve("volume").toString());
    Seen known =
        ofTheNextAgent.look(
            "",
            Optional.of(data.resolve("volume").toString()),
            Optional.of(above),
            Optional.of(before),
            false);
    assertEquals(new NotMounted(false), known.place(), "it was below the mount on record");
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void aMountOfAnotherNamespacesAgeIsSeenAndRefused(boolean uniqueIds) throws Exception {
    KernelLook kernel = kernel(uniqueIds);
    Path data = mounts.folder().resolve("a/data");
    Moment here = look(kernel, data).moment();
    Moment before =
        new Moment(
            here.namespace() + 1, here.newestId(), here.pathKnown(), here.atPath(), here.newest());
    assertEquals(data, folderOfAMount("a"));

    assertRefused(look(kernel, data, before), "it is not known whether the mount at");
  }

  @Test
  void whatWasThereBeforeIsRefusedWhereItsIdDoesNotShowThat() throws Exception {
    KernelLook kernel = kernel(false);
    Path old = mounts.tmpfs("old", "size=1m");
    Evidence known = mounted(look(kernel, old)).mount();
    Moment before = momentWithoutPath(kernel);
    Path later = mounts.tmpfs("new", "size=1m");

    assertRefused(look(kernel, old, before), "what is mounted there was there before");
    assertEquals(Optional.empty(), mounted(look(kernel, later, before)).refusal());
    Seen shared =
        kernel.look(
            "", Optional.of(old.toString()), Optional.of(known), Optional.of(before), false);
    assertEquals(Optional.empty(), mounted(shared).refusal(), "it is on record");
    assertEquals(
        mounted(look(kernel, later)).mount(),
        look(kernel, old).moment().newest().orElseThrow(),
        "kept for a driver that names another path later");
  }

  @Test
  void aMountWithTheIdOfTheOneOnRecordIsAnotherIfAnythingElseDiffers() throws Exception {
    KernelLook kernel = kernel(false);
    Path data = folderOfAMount("a");
    Path at = mounts.folder().resolve("a");
    Evidence there = mounted(look(kernel, at)).mount();
    assertEquals(there, mounted(look(kernel, data, there)).mount());

    for (Evidence known :
        List.of(
            new Evidence(there.namespace(), 0, there.mountId(), "0:1", "/", at.toString()),
            new Evidence(
                there.namespace(), 0, there.mountId(), there.device(), "/sub", at.toString()),
            at(there, mounts.folder().resolve("b").toString()))) {
      assertIsNotTakenFor(known, kernel, data, at);
    }
  }

  /** The kernel gives the lowest ID, and device number, that is free. */
  @Test
  void aMountThatReallyGotTheIdOfTheOneOnRecordIsAnother() throws Exception {
    KernelLook kernel = kernel(false);
    Path at = mounts.newFolder("a");
    Optional<Evidence> known = Optional.empty();
    // Others may take the ID first: all mount namespaces share them.
    for (int i = 0; known.isEmpty() && i < 1_000; i++) {
      Path before = mounts.tmpfs("b", "size=1m");
      Evidence gone = mounted(look(kernel, before)).mount();
      mounts.unmount(before);
      mounts.tmpfs("a", "size=1m");
      if (MountTable.at(at).orElseThrow().id() == gone.mountId()) {
        known = Optional.of(gone);
      } else {
        mounts.unmount(at);
      }
    }

    assertIsNotTakenFor(known.orElseThrow(), kernel, Files.createDirectory(at.resolve("data")), at);
  }

  /** It does not make a folder in the mount the volume, covers nothing, and is not unmounted. */
  private void assertIsNotTakenFor(Evidence known, KernelLook kernel, Path data, Path at)
      throws Exception {
    Seen seen = look(kernel, data, known);
    assertEquals(new NotMounted(true), seen.place());
    assertFalse(seen.covered());
    LinuxMounts module = new LinuxMounts(kernel);
    assertThrows(IOException.class, () -> module.unmount(at, known));
    assertTrue(MountTable.at(at).isPresent());
  }

  private static Evidence at(Evidence mount, String mountpoint) {
    return new Evidence(
        mount.namespace(),
        mount.uniqueId(),
        mount.mountId(),
        mount.device(),
        mount.root(),
        mountpoint);
  }

  private void assertIsSeenAt(String name, Seen seen) {
    assertEquals(mounts.folder().resolve(name).toString(), mounted(seen).mount().mountpoint());
    assertEquals(Optional.empty(), mounted(seen).refusal());
  }
}
