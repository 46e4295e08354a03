// SPDX-License-Identifier: Apache-2.0
package io.dvdi.linux;

import static io.dvdi.linux.Looks.look;
import static io.dvdi.linux.Looks.momentWithoutPath;
import static io.dvdi.linux.Looks.mounted;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.dvdi.lifecycle.Evidence;
import io.dvdi.lifecycle.Moment;
import io.dvdi.lifecycle.Moment.Age;
import io.dvdi.lifecycle.Seen;
import io.dvdi.lifecycle.Seen.Health;
import io.dvdi.lifecycle.Seen.Mounted;
import io.dvdi.lifecycle.Seen.NotMounted;
import io.dvdi.lifecycle.Seen.Unknown;
import io.dvdi.testing.MountTable;
import io.dvdi.testing.RealMounts;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Looks at real mounts: with unique mount IDs, and as on kernels without them. */
class KernelLookTest {
  @RegisterExtension private final RealMounts mounts = new RealMounts();
  private final ExecutorService threads = Executors.newCachedThreadPool();

  @AfterEach
  void end() {
    threads.shutdown();
  }

  private KernelLook kernel(boolean uniqueIds) throws Exception {
    return Looks.kernel(threads, uniqueIds);
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void whatIsMountedIsShownAsTheMountTableHasIt(boolean uniqueIds) throws Exception {
    KernelLook kernel = kernel(uniqueIds);
    Path at = mounts.tmpfs("a b\\c\td", "size=1m");

    Mounted there = mounted(look(kernel, at));

    MountTable.Line line = MountTable.at(at).orElseThrow();
    assertEquals(
        new Evidence(
            MountNamespace.own(),
            there.mount().uniqueId(),
            line.id(),
            line.device(),
            "/",
            at.toString()),
        there.mount());
    assertEquals(uniqueIds, there.mount().uniqueId() != 0);
    assertEquals(Health.ANSWERS, there.health());
    assertFalse(there.readOnly());
    assertEquals(Optional.empty(), there.refusal());
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void whereNothingIsMountedADirectoryOrNoneIs(boolean uniqueIds) throws Exception {
    KernelLook kernel = kernel(uniqueIds);
    Path at = mounts.newFolder("a");

    assertEquals(new NotMounted(true), look(kernel, at).place());
    assertEquals(new NotMounted(false), look(kernel, at.resolve("b/c")).place());
    assertEquals(
        new Unknown(),
        kernel.look("", Optional.empty(), Optional.empty(), Optional.empty(), false).place());
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "relative", "/a/../b", "/a/./b", "/a//b", "/a/", "/a\0b"})
  void aPathThatLeadsElsewhereForOthersIsNone(String path) throws Exception {
    assertEquals(
        new Unknown(),
        kernel(false)
            .look("", Optional.of(path), Optional.empty(), Optional.empty(), false)
            .place());
  }

  /**
   * Else a healthy mount would be detached, or its tasks ended, when the agent is short of threads.
   */
  @Test
  void aLookForWhichThereIsNoThreadSaysNothingOfTheMount() throws Exception {
    Path at = mounts.tmpfs("a", "size=1m");
    Evidence known = mounted(look(kernel(false), at)).mount();
    ExecutorService none =
        new ThreadPoolExecutor(0, 1, 1, TimeUnit.SECONDS, new SynchronousQueue<>()) {
          @Override
          public void execute(Runnable body) {
            throw new OutOfMemoryError("unable to create native thread");
          }
        };
    Seen seen = look(Looks.kernel(none, false), at, known);
    assertEquals(
        new Unknown("the agent cannot start a thread (unable to create native thread)"),
        seen.place());
    assertFalse(seen.covered());
  }

  @ParameterizedTest
  @CsvSource({"true, true", "true, false", "false, true", "false, false"})
  void whatWasMountedAfterTheMomentIsNewer(boolean uniqueIds, boolean mountedBefore)
      throws Exception {
    KernelLook kernel = kernel(uniqueIds);
    Path at = mounts.newFolder("a");
    if (mountedBefore) {
      mounts.tmpfs("a", "size=1m");
    }
    Moment before = look(kernel, at).moment();
    if (mountedBefore) {
      assertEquals(Age.OLDER, before.ageOf(mounted(look(kernel, at)).mount()));
    }

    mounts.tmpfs("a", "size=2m");

    Mounted there = mounted(look(kernel, at));
    assertEquals(Age.NEWER, before.ageOf(there.mount()));
    assertEquals(Age.OLDER, look(kernel, at).moment().ageOf(there.mount()));
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void aFolderInANewOrAKnownMountIsMounted(boolean uniqueIds) throws Exception {
    KernelLook kernel = kernel(uniqueIds);
    Path data = mounts.folder().resolve("a/data");
    Moment before = look(kernel, data).moment();
    Moment unnamed = momentWithoutPath(kernel);
    Path at = mounts.tmpfs("a", "size=1m");
    Files.createDirectory(data);

    Evidence mount = mounted(look(kernel, data, before)).mount();

    assertEquals(at.toString(), mount.mountpoint());
    assertEquals(mount, mounted(look(kernel, data, unnamed)).mount(), "the path was not known");
    assertEquals(mount, mounted(look(kernel, data, mount)).mount());
    assertFalse(look(kernel, data, mount).covered());
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void aFolderInAMountThatIsNamedLikeTheVolumeIsMounted(boolean uniqueIds) throws Exception {
    KernelLook kernel = kernel(uniqueIds);
    Path at = mounts.tmpfs("disk/vol", "size=1m");
    Path data = Files.createDirectory(at.resolve("data"));
    Path below = Files.createDirectory(data.resolve("vol"));

    assertEquals(at.toString(), mounted(look(kernel, data, "vol")).mount().mountpoint());
    assertEquals(new NotMounted(true), look(kernel, data, "ol").place());
    assertEquals(new NotMounted(true), look(kernel, data, "disk/vol2").place());
    assertEquals(new NotMounted(true), look(kernel, below, "vol").place());
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void aFolderOfASecondDiskIsAPlainDirectory(boolean uniqueIds) throws Exception {
    KernelLook kernel = kernel(uniqueIds);
    Path image = mounts.image("image", "ext4", 16);
    Path disk = mounts.newFolder("disk");
    mounts.mount("-o", "loop", image.toString(), disk.toString());
    Path data = disk.resolve("data");
    Moment before = look(kernel, data).moment();
    Moment unnamed = momentWithoutPath(kernel);

    Files.createDirectory(data);

    assertEquals(new NotMounted(true), look(kernel, data).place());
    assertEquals(new NotMounted(true), look(kernel, data, before).place());
    assertEquals(new NotMounted(true), look(kernel, data, unnamed).place());
    mounts.tmpfs("another", "size=1m");
    assertEquals(new NotMounted(true), look(kernel, data, unnamed).place());
    assertEquals(Optional.empty(), mounted(look(kernel, disk)).refusal(), "the disk itself");
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void whatLiesBelowAnotherMountIsCovered(boolean uniqueIds) throws Exception {
    KernelLook kernel = kernel(uniqueIds);
    Path at = mounts.tmpfs("a", "size=1m");
    Path data = Files.createDirectory(at.resolve("data"));
    Evidence known = mounted(look(kernel, at)).mount();
    assertFalse(look(kernel, at, known).covered());

    mounts.tmpfs("a", "size=2m");

    Seen seen = look(kernel, at, known);
    assertTrue(seen.covered());
    assertNotEquals(known, mounted(seen).mount());
    assertTrue(look(kernel, data, known).covered());
    assertEquals(new NotMounted(false), look(kernel, data, known).place());

    mounts.unmount(at);
    assertEquals(known, mounted(look(kernel, at, known)).mount());
    mounts.unmount(at);
    assertFalse(look(kernel, at, known).covered());
    assertEquals(new NotMounted(true), look(kernel, at, known).place());
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void aMountOfAnotherNamespaceIsKnownByWhatIsMountedWhere(boolean uniqueIds) throws Exception {
    KernelLook kernel = kernel(uniqueIds);
    Path at = mounts.tmpfs("a", "size=1m");
    Evidence here = mounted(look(kernel, at)).mount();
    Evidence there =
        new Evidence(
            here.namespace() + 1,
            uniqueIds ? 4711 : 0,
            17,
            here.device(),
            here.root(),
            here.mountpoint());

    assertFalse(look(kernel, at, there).covered());
    mounts.tmpfs("a", "size=2m");
    assertTrue(look(kernel, at, there).covered());
  }

  @Test
  void theMomentIsTheNewestIdAlsoWhereTheKernelCannotBeAskedForTheLastOne() throws Exception {
    assumeTrue(Looks.hasUniqueIds(), "this kernel has no unique mount IDs");
    UniqueMounts kernel = new UniqueMounts(1, threads);
    mounts.tmpfs("a", "size=1m");
    long listed = kernel.now().newestId();

    long made = kernel.newestOfAll();

    Path later = mounts.tmpfs("b", "size=1m");
    long id = kernel.at(later.toString()).mountId();
    assertTrue(listed < made && made < id, listed + " < " + made + " < " + id);
  }
}
