// SPDX-License-Identifier: Apache-2.0
package io.dvdi.linux;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.mockito.ArgumentMatchers.any;
import static org.mockito.ArgumentMatchers.anyInt;
import static org.mockito.ArgumentMatchers.anyLong;
import static org.mockito.ArgumentMatchers.eq;
import static org.mockito.ArgumentMatchers.matches;
import static org.mockito.Mockito.CALLS_REAL_METHODS;
import static org.mockito.Mockito.mockStatic;

import io.dvdi.bindings.libc.libc_h;
import io.dvdi.testing.Eventually;
import io.dvdi.testing.RealMounts;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.mockito.MockedStatic;

class LoopDevicesTest {
  @RegisterExtension private final RealMounts mounts = new RealMounts();

  @Test
  void aDeviceHoldsTheFileUntilItIsClosed() throws Exception {
    Path image = mounts.image("image", "ext4", 16);

    try (LoopDevices.Attached device = LoopDevices.attach(image)) {
      assertEquals(List.of(device.path().toString()), mounts.loopDevices());
    }

    assertNoDevices();
  }

  @Test
  void aMountKeepsTheDeviceAndItsUnmountFreesIt() throws Exception {
    Path image = mounts.image("image", "ext4", 16);
    Path at = mounts.newFolder("at");

    try (LoopDevices.Attached device = LoopDevices.attach(image)) {
      MountCalls.mount(device.path().toString(), at, "ext4", 0, null);
    }
    assertEquals(1, mounts.loopDevices().size());

    MountCalls.unmount(at);
    assertNoDevices();
  }

  @Test
  void aFileThatIsAttachedKeepsItsDevice() throws Exception {
    Path image = mounts.image("image", "ext4", 16);
    Path link = Files.createSymbolicLink(mounts.folder().resolve("link"), mounts.folder());

    try (LoopDevices.Attached one = LoopDevices.attach(image)) {
      Path device = one.path();
      try (LoopDevices.Attached other = LoopDevices.attach(link.resolve("image"))) {
        assertEquals(device, other.path());
      }
      assertEquals(List.of(device.toString()), mounts.loopDevices(), "the first still holds it");
    }

    assertNoDevices();
  }

  @Test
  void aFileThatSucceedsADeletedOneGetsItsOwnDevice() throws Exception {
    Path image = mounts.image("image", "ext4", 16);
    try (LoopDevices.Attached old = LoopDevices.attach(image)) {
      Files.move(image, mounts.folder().resolve("moved"));
      mounts.image("image", "ext4", 16);

      try (LoopDevices.Attached successor = LoopDevices.attach(image)) {
        assertTrue(!old.path().equals(successor.path()), "two files, two devices");
      }
    }
  }

  @Test
  void manyFilesAtOnceGetADeviceEach() throws Exception {
    int count = 12;
    List<Path> images = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      images.add(Files.write(mounts.folder().resolve("image" + i), new byte[1 << 16]));
    }
    for (int round = 0; round < 10; round++) {
      List<Callable<LoopDevices.Attached>> calls = new ArrayList<>();
      images.forEach(image -> calls.add(() -> LoopDevices.attach(image)));
      Set<Path> devices = new HashSet<>();
      try (ExecutorService threads = Executors.newFixedThreadPool(count)) {
        List<Future<LoopDevices.Attached>> attached = threads.invokeAll(calls);
        for (Future<LoopDevices.Attached> device : attached) {
          devices.add(device.get().path());
        }
        for (Future<LoopDevices.Attached> device : attached) {
          threads.execute(device.get()::close);
        }
      }
      assertEquals(count, devices.size());
    }
    assertNoDevices();
  }

  @Test
  void attachingWhileOthersDetachNeverFails() throws Exception {
    List<Callable<Void>> calls = new ArrayList<>();
    for (int i = 0; i < 6; i++) {
      Path image = Files.write(mounts.folder().resolve("image" + i), new byte[1 << 16]);
      calls.add(
          () -> {
            for (int turn = 0; turn < 50; turn++) {
              LoopDevices.attach(image).close();
            }
            return null;
          });
    }
    try (ExecutorService threads = Executors.newFixedThreadPool(calls.size())) {
      for (Future<Void> thread : threads.invokeAll(calls)) {
        thread.get();
      }
    }
    assertNoDevices();
  }

  @Test
  void aFileThatIsNotThereOrALinkIsRefused() throws Exception {
    Path image = mounts.image("image", "ext4", 16);
    Path link = Files.createSymbolicLink(mounts.folder().resolve("link"), image);

    assertEquals(
        "ENOENT",
        assertThrows(
                LinuxException.class, () -> LoopDevices.attach(mounts.folder().resolve("missing")))
            .errnoName());
    assertEquals(
        "ELOOP", assertThrows(LinuxException.class, () -> LoopDevices.attach(link)).errnoName());
    assertNoDevices();
  }

  @Test
  void aDeviceWhoseFileInDevComesLateIsWaitedFor() throws Exception {
    Path image = mounts.image("image", "ext4", 16);
    List<Integer> late = new ArrayList<>(List.of(libc_h.ENOENT(), libc_h.ENXIO()));
    AtomicReference<String> fresh = new AtomicReference<>("");
    try (MockedStatic<KernelCalls> calls = mockStatic(KernelCalls.class, CALLS_REAL_METHODS)) {
      calls
          .when(() -> KernelCalls.ioctl(anyInt(), eq("LOOP_CTL_GET_FREE"), anyLong(), any()))
          .thenAnswer(
              call -> {
                Object number = call.callRealMethod();
                fresh.set("/dev/loop" + number);
                return number;
              });
      // Only of a free device: those of others are looked at, too, however many there are.
      calls
          .when(() -> KernelCalls.openat(anyInt(), matches("/dev/loop[0-9]+"), anyInt()))
          .thenAnswer(
              call -> {
                if (call.getArgument(1).equals(fresh.get()) && !late.isEmpty()) {
                  throw new LinuxException("openat", late.removeFirst());
                }
                return call.callRealMethod();
              });

      try (LoopDevices.Attached device = LoopDevices.attach(image)) {
        assertEquals(List.of(device.path().toString()), mounts.loopDevices());
      }
    }

    assertEquals(List.of(), late, "both were met");
    assertNoDevices();
  }

  @Test
  void aHostWithoutDeviceFilesSaysSo() throws Exception {
    Path image = mounts.image("image", "ext4", 16);
    try (MockedStatic<KernelCalls> calls = mockStatic(KernelCalls.class, CALLS_REAL_METHODS)) {
      calls
          .when(() -> KernelCalls.openat(anyInt(), matches("/dev/loop[0-9]+"), anyInt()))
          .thenThrow(new LinuxException("openat(/dev/loop7)", libc_h.ENOENT()));

      String message =
          String.valueOf(
              assertThrows(IOException.class, () -> LoopDevices.attach(image)).getMessage());

      assertTrue(message.contains("after 64 tries"), message);
      assertTrue(message.contains("openat(/dev/loop7): ENOENT"), message);
    }
  }

  @Test
  void onAnOldKernelADeviceIsAttachedInTwoSteps() throws Exception {
    Path image = mounts.image("image", "ext4", 16);
    try (MockedStatic<KernelCalls> calls = beforeLinux58()) {
      LoopDevices.attach(image).close();

      calls.verify(() -> KernelCalls.ioctl(anyInt(), eq("LOOP_SET_STATUS64"), anyLong(), any()));
    }

    assertNoDevices();
  }

  @Test
  void onAnOldKernelADeviceWhoseSecondStepFailsIsDetached() throws Exception {
    Path image = mounts.image("image", "ext4", 16);
    try (MockedStatic<KernelCalls> calls = beforeLinux58()) {
      calls
          .when(() -> KernelCalls.ioctl(anyInt(), eq("LOOP_SET_STATUS64"), anyLong(), any()))
          .thenThrow(new LinuxException("LOOP_SET_STATUS64", libc_h.EPERM()));

      assertEquals(
          "EPERM", assertThrows(LinuxException.class, () -> LoopDevices.attach(image)).errnoName());
    }

    assertNoDevices();
  }

  private static MockedStatic<KernelCalls> beforeLinux58() {
    MockedStatic<KernelCalls> calls = mockStatic(KernelCalls.class, CALLS_REAL_METHODS);
    calls
        .when(() -> KernelCalls.ioctl(anyInt(), eq("LOOP_CONFIGURE"), anyLong(), any()))
        .thenThrow(new LinuxException("LOOP_CONFIGURE", libc_h.EINVAL()));
    return calls;
  }

  private void assertNoDevices() throws Exception {
    Eventually.holds("no loop device left", () -> mounts.loopDevices().isEmpty());
  }
}
