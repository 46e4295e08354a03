// SPDX-License-Identifier: Apache-2.0
package io.dvdi.linux;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.dvdi.bindings.libc.libc_h;
import io.dvdi.testing.RealMounts;
import java.lang.foreign.MemorySegment;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Failures of real system calls, and what is told of them. */
class LinuxExceptionTest {
  @RegisterExtension private final RealMounts mounts = new RealMounts();

  @Test
  void unmountingAPathThatIsNotThereIsENOENT() {
    Path missing = mounts.folder().resolve("missing");

    assertFails("ENOENT", "umount2(" + missing + ")", () -> MountCalls.unmount(missing));
  }

  @Test
  void theMessageSaysTheErrorInWords() {
    LinuxException e =
        assertThrows(LinuxException.class, () -> MountCalls.unmount(Path.of("/nonexistent")));

    assertEquals("umount2(/nonexistent): ENOENT (No such file or directory)", e.getMessage());
  }

  @Test
  void unmountingWhatIsNoMountpointIsEINVAL() {
    assertFails("EINVAL", "umount2(", () -> MountCalls.unmount(mounts.folder()));
  }

  @Test
  void unmountingWhatIsInUseIsEBUSY() throws Exception {
    Path tmpfs = mounts.tmpfs("tmpfs", "size=1m");
    try (var open = Files.newOutputStream(tmpfs.resolve("open"))) {
      open.write(1);

      assertFails("EBUSY", "umount2(" + tmpfs + ")", () -> MountCalls.unmount(tmpfs));
    }
    MountCalls.unmount(tmpfs);
  }

  @Test
  void mountingAFileSystemThatTheKernelDoesNotKnowIsENODEV() {
    assertFails("ENODEV", "mount of nosuchfs, ", () -> mount("none", "nosuchfs"));
  }

  @Test
  void mountingADeviceThatIsNotThereIsENOENT() {
    assertFails("ENOENT", "mount of ext4, ", () -> mount("/dev/no-such-disk", "ext4"));
  }

  @Test
  void mountingAFolderAsADeviceIsENOTBLK() {
    assertFails("ENOTBLK", "mount of ", () -> mount(mounts.folder().toString(), "ext4"));
  }

  @Test
  void mountingOverAPathThatIsNotThereIsENOENT() {
    Path missing = mounts.folder().resolve("missing");

    assertFails(
        "ENOENT", missing.toString(), () -> MountCalls.mount("t", missing, "tmpfs", 0, null));
  }

  @Test
  void callsOnAFileThatWasClosedAreEBADF() throws Exception {
    OpenFile file = OpenFile.of(mounts.folder(), libc_h.O_RDONLY());
    file.close();
    file.close();

    assertFails("EBADF", "mkdir(x)", () -> file.mkdir("x", 0755));
    assertFails("EBADF", "open(x)", () -> file.open("x", libc_h.O_RDONLY()));
    assertFails(
        "EBADF", "ioctl(X)", () -> file.ioctl("X", libc_h.LOOP_CTL_GET_FREE(), MemorySegment.NULL));
  }

  @Test
  void aDeviceRequestToAFolderIsENOTTY() throws Exception {
    try (OpenFile folder = OpenFile.of(mounts.folder(), libc_h.O_RDONLY())) {
      assertFails(
          "ENOTTY",
          "ioctl(LOOP_CTL_GET_FREE)",
          () -> folder.ioctl("LOOP_CTL_GET_FREE", libc_h.LOOP_CTL_GET_FREE(), MemorySegment.NULL));
    }
  }

  @Test
  void makingAFolderTwiceIsEEXIST() throws Exception {
    try (OpenFile folder = OpenFile.of(mounts.folder(), libc_h.O_PATH())) {
      folder.mkdir("one", 0755);

      assertFails("EEXIST", "mkdir(one)", () -> folder.mkdir("one", 0755));
    }
  }

  @Test
  void theFileSystemsOwnOptionsAreInNoMessage() {
    LinuxException e =
        assertThrows(
            LinuxException.class,
            () ->
                MountCalls.mount(
                    "tmpfs", mounts.newFolder("mnt"), "tmpfs", 0, "nosuchoption=hunter2"));

    assertEquals("EINVAL", e.errnoName());
    assertFalse(e.toString().contains("hunter2"), e.toString());
  }

  @Test
  void aPathWithNulNeverReachesTheKernelCutShort() {
    assertThrows(
        IllegalArgumentException.class,
        () -> MountCalls.mount("a\0b", mounts.folder(), "tmpfs", 0, null));
  }

  @Test
  void eachThreadGetsTheErrorOfItsOwnCall() throws Exception {
    Path missing = mounts.folder().resolve("missing");
    List<Callable<String>> calls =
        IntStream.range(0, 2_000)
            .mapToObj(i -> unmounting(i % 2 == 0 ? missing : mounts.folder()))
            .toList();
    try (ExecutorService threads = Executors.newFixedThreadPool(8)) {
      List<Future<String>> names = threads.invokeAll(calls);
      for (int i = 0; i < names.size(); i++) {
        assertEquals(i % 2 == 0 ? "ENOENT" : "EINVAL", names.get(i).get());
      }
    }
  }

  @ParameterizedTest
  @CsvSource({
    "1, EPERM",
    "11, EAGAIN",
    "35, EDEADLK",
    "95, EOPNOTSUPP",
    "107, ENOTCONN",
    "116, ESTALE"
  })
  void numbersHaveTheirBestKnownName(int number, String name) {
    assertEquals(name, Errno.name(number));
  }

  @Test
  void aNumberWithoutANameIsShown() {
    assertEquals("errno 4242", Errno.name(4242));
  }

  private void mount(String source, String type) throws Exception {
    MountCalls.mount(source, mounts.newFolder("mnt"), type, 0, null);
  }

  private static Callable<String> unmounting(Path path) {
    return () -> assertThrows(LinuxException.class, () -> MountCalls.unmount(path)).errnoName();
  }

  private static void assertFails(String errno, String call, Executable executable) {
    LinuxException e = assertThrows(LinuxException.class, executable);
    assertEquals(errno, e.errnoName());
    assertNotEquals(0, e.errno());
    String message = String.valueOf(e.getMessage());
    assertTrue(message.contains(call), message);
    assertTrue(message.contains(": " + errno + " ("), message);
  }
}
