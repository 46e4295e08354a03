// SPDX-License-Identifier: Apache-2.0
package io.dvdi.linux;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.mockito.ArgumentMatchers.any;
import static org.mockito.ArgumentMatchers.anyLong;
import static org.mockito.ArgumentMatchers.eq;
import static org.mockito.Mockito.CALLS_REAL_METHODS;
import static org.mockito.Mockito.mockStatic;

import io.dvdi.bindings.libc.libc_h;
import io.dvdi.testing.MountTable;
import io.dvdi.testing.RealMounts;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.mockito.MockedStatic;

class MountCallsTest {
  @RegisterExtension private final RealMounts mounts = new RealMounts();

  @Test
  void aMountHasItsFlagsAndItsFileSystemsOptions() throws Exception {
    Path at = mounts.newFolder("at with space");

    MountCalls.mount(
        "tmpfs", at, "tmpfs", MountOptions.ALWAYS | libc_h.MS_NOEXEC(), "size=2m,mode=0700");

    MountTable.Line line = MountTable.at(at).orElseThrow();
    assertEquals("tmpfs", line.type());
    assertTrue(
        line.options().containsAll(Set.of("rw", "nosuid", "nodev", "noexec")), line::toString);
    assertTrue(
        line.fileSystemOptions().containsAll(Set.of("size=2048k", "mode=700")), line::toString);
  }

  @Test
  void optionsThatTheKernelWouldCutAreRefused() throws Exception {
    Path at = mounts.newFolder("at");
    String longest = "mode=0700," + "size=2m,".repeat(500) + "mode=";

    MountCalls.mount("tmpfs", at, "tmpfs", 0, longest + "0".repeat(4095 - longest.length()));
    MountCalls.unmount(at);
    LinuxException e =
        assertThrows(
            LinuxException.class,
            () ->
                MountCalls.mount(
                    "tmpfs", at, "tmpfs", 0, longest + "0".repeat(4096 - longest.length())));

    assertEquals(
        "mount of tmpfs at "
            + at
            + " with options of 4096 bytes; mount(2) takes at most 4095: E2BIG (Argument list too"
            + " long)",
        e.getMessage());
    assertTrue(MountTable.at(at).isEmpty());
  }

  @Test
  void anUnmountedPathIsGoneFromTheTable() throws Exception {
    Path at = mounts.tmpfs("at", "size=1m");

    MountCalls.unmount(at);

    assertEquals(0, MountTable.under(mounts.folder()).size());
  }

  @Test
  void onlyTheUppermostMountIsUnmounted() throws Exception {
    Path at = mounts.tmpfs("at", "size=1m");
    MountTable.Line lower = MountTable.at(at).orElseThrow();
    mounts.tmpfs("at", "size=1m");

    MountCalls.unmount(at);

    assertEquals(lower, MountTable.at(at).orElseThrow());
  }

  @Test
  void aLinkToAMountIsNotFollowedToUnmountIt() throws Exception {
    Path at = mounts.tmpfs("at", "size=1m");
    Path link = Files.createSymbolicLink(mounts.folder().resolve("link"), at);

    assertThrows(LinuxException.class, () -> MountCalls.unmount(link));

    assertTrue(MountTable.at(at).isPresent());
  }

  @Test
  void aBindShowsTheSourceAndHasTheFlags() throws Exception {
    Path source = mounts.tmpfs("source", "size=1m");
    Files.writeString(source.resolve("file"), "x");

    Path target = bind(source, MountOptions.ALWAYS | libc_h.MS_RDONLY());

    assertEquals("x", Files.readString(target.resolve("file")));
    MountTable.Line line = MountTable.at(target).orElseThrow();
    assertTrue(line.options().containsAll(Set.of("ro", "nosuid", "nodev")), line::toString);
    assertTrue(MountTable.at(source).orElseThrow().options().contains("rw"), "the source stays");
  }

  @Test
  void aBindWithoutFlagsIsMadeInOneStep() throws Exception {
    Path source = mounts.tmpfs("source", "size=1m");

    assertTrue(MountTable.at(bind(source, 0)).orElseThrow().options().contains("rw"));
  }

  @Test
  void whatTheSourcesMountForbidsStaysForbidden() throws Exception {
    Path data = mounts.tmpfs("data", "size=1m");
    Path source = mounts.newFolder("source");
    mounts.mount("--bind", data.toString(), source.toString());
    mounts.mount("-o", "remount,bind,ro,noexec", source.toString());

    Path target = bind(source, MountOptions.ALWAYS);

    MountTable.Line line = MountTable.at(target).orElseThrow();
    assertTrue(
        line.options().containsAll(Set.of("ro", "noexec", "nosuid", "nodev")), line::toString);
    assertThrows(FileSystemException.class, () -> Files.createDirectory(target.resolve("new")));
  }

  @Test
  void aBindIsOfWhatWasOpenedWhateverThePathLeadsToByThen() throws Exception {
    Path tmpfs = mounts.tmpfs("tmpfs", "size=1m");
    Path source = Files.createDirectory(tmpfs.resolve("source"));
    Files.writeString(source.resolve("file"), "opened");
    Path target = mounts.newFolder("target");
    try (OpenedPath opened = OpenedPath.of(source)) {
      Files.move(source, tmpfs.resolve("elsewhere"));
      Files.createSymbolicLink(source, Path.of("/etc"));

      assertEquals(tmpfs.resolve("elsewhere"), opened.real());
      MountCalls.bind(opened, target, MountOptions.ALWAYS);
    }

    assertEquals("opened", Files.readString(target.resolve("file")));
  }

  @Test
  void aBindOverAPathThatIsNotThereMountsNothing() throws Exception {
    Path source = mounts.tmpfs("source", "size=1m");
    int before = MountTable.lines().size();
    try (OpenedPath opened = OpenedPath.of(source)) {
      assertThrows(
          LinuxException.class,
          () -> MountCalls.bind(opened, mounts.folder().resolve("missing"), 0));
    }

    assertEquals(before, MountTable.lines().size());
  }

  @Test
  void aBindWhoseFlagsTheKernelRefusesIsTakenBack() throws Exception {
    Path source = mounts.tmpfs("source", "size=1m");
    Path target = mounts.newFolder("target");
    try (OpenedPath opened = OpenedPath.of(source);
        MockedStatic<KernelCalls> calls = mockStatic(KernelCalls.class, CALLS_REAL_METHODS)) {
      calls
          .when(() -> KernelCalls.mount(eq("none"), any(), any(), anyLong(), any()))
          .thenThrow(new LinuxException("mount(none)", libc_h.EACCES()));

      assertThrows(
          LinuxException.class, () -> MountCalls.bind(opened, target, MountOptions.ALWAYS));
    }

    assertTrue(MountTable.at(target).isEmpty());
  }

  @Test
  void aPathIsOpenedWithItsLinksFollowed() throws Exception {
    Path folder = mounts.newFolder("folder");
    Path link = Files.createSymbolicLink(mounts.folder().resolve("link"), folder);

    try (OpenedPath opened = OpenedPath.of(link)) {
      assertEquals(folder, opened.real());
    }
    assertThrows(LinuxException.class, () -> OpenedPath.of(mounts.folder().resolve("missing")));
  }

  private Path bind(Path source, long flags) throws Exception {
    Path target = mounts.newFolder("target");
    try (OpenedPath opened = OpenedPath.of(source)) {
      MountCalls.bind(opened, target, flags);
    }
    return target;
  }
}
