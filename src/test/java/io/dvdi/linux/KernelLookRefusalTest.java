// SPDX-License-Identifier: Apache-2.0
package io.dvdi.linux;

import static io.dvdi.linux.Looks.assertRefused;
import static io.dvdi.linux.Looks.look;
import static io.dvdi.linux.Looks.mounted;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.dvdi.lifecycle.Moment;
import io.dvdi.lifecycle.Seen;
import io.dvdi.lifecycle.Seen.NotMounted;
import io.dvdi.testing.RealMounts;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What no task may have, and what it may not write to. */
class KernelLookRefusalTest {
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
  void aMountWithoutTheFolderThatItsDriverNamesIsSeen(boolean uniqueIds) throws Exception {
    KernelLook kernel = kernel(uniqueIds);
    Path data = mounts.folder().resolve("a/data");
    Moment before = look(kernel, data).moment();
    mounts.tmpfs("a", "size=1m");

    assertRefused(look(kernel, data, before), "there is no such path");
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void readOnlyMountsAndFileSystemsAreReadOnly(boolean uniqueIds) throws Exception {
    KernelLook kernel = kernel(uniqueIds);
    Path readOnly = mounts.tmpfs("a", "size=1m,ro");
    assertTrue(mounted(look(kernel, readOnly)).readOnly());
    mounts.mount("-o", "remount,bind,rw", readOnly.toString());
    assertTrue(mounted(look(kernel, readOnly)).readOnly(), "its file system is, the mount is not");
    Path writable = mounts.tmpfs("b", "size=1m");
    Path bind = mounts.newFolder("bind");
    mounts.mount("--bind", writable.toString(), bind.toString());
    mounts.mount("-o", "remount,bind,ro", bind.toString());
    assertTrue(mounted(look(kernel, bind)).readOnly());
    assertFalse(mounted(look(kernel, writable)).readOnly());
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void aBindOfTheHostsRootFileSystemIsForTheOperatorToAllow(boolean uniqueIds) throws Exception {
    KernelLook kernel = kernel(uniqueIds);
    Path at = mounts.newFolder("a");
    mounts.mount("--bind", "/etc", at.toString());

    assertRefused(look(kernel, at), "a bind of device");
    // Where / is a folder of its file system, as in a container, that folder comes before it.
    assertTrue(mounted(look(kernel, at)).mount().root().endsWith("/etc"));
    Seen allowed =
        kernel.look("", Optional.of(at.toString()), Optional.empty(), Optional.empty(), true);
    assertEquals(Optional.empty(), mounted(allowed).refusal());
    assertRefused(look(kernel, Path.of("/")), "the root directory of the host");
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void theKernelsOwnFileSystemsAreRefused(boolean uniqueIds) throws Exception {
    KernelLook kernel = kernel(uniqueIds);
    for (String type : new String[] {"proc", "sysfs", "devtmpfs", "cgroup2", "devpts", "mqueue"}) {
      Path at = mounts.newFolder(type);
      mounts.mount("-t", type, type, at.toString());
      Seen seen =
          kernel.look("", Optional.of(at.toString()), Optional.empty(), Optional.empty(), true);
      assertRefused(seen, "the kernel's own file system " + type);
    }
    assertEquals(new NotMounted(false), look(kernel, Path.of("/proc/self/task")).place());
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void aLinkIsRefusedWhereverItLies(boolean uniqueIds) throws Exception {
    KernelLook kernel = kernel(uniqueIds);
    Path at = mounts.tmpfs("a", "size=1m");
    Moment never = Moment.UNKNOWN;
    Path inside = Files.createSymbolicLink(at.resolve("link"), Path.of("/etc"));
    Path outside = Files.createSymbolicLink(mounts.folder().resolve("link"), at);
    Path file = Files.writeString(mounts.folder().resolve("file"), "x");

    for (Path path : new Path[] {inside, outside, file}) {
      assertRefused(look(kernel, path, never), path + ", but that is not a directory");
    }
    Path above = Files.createSymbolicLink(mounts.folder().resolve("above"), mounts.folder());
    assertEquals(
        mounted(look(kernel, at)), mounted(look(kernel, above.resolve("a"))), "/var/run, and such");
  }
}
