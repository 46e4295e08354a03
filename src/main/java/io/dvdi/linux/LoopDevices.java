// SPDX-License-Identifier: Apache-2.0
package io.dvdi.linux;

import io.dvdi.bindings.libc.libc_h;
import io.dvdi.bindings.libc.loop_config;
import io.dvdi.bindings.libc.loop_info64;
import io.dvdi.bindings.libc.statx;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * Loop devices, loop(4). They all have LO_FLAGS_AUTOCLEAR: the kernel frees a device after its last
 * use. So a crash leaves no device behind, and unmounting is a single step.
 */
public final class LoopDevices {
  private static final Path CONTROL = Path.of("/dev/loop-control");

  /**
   * Other programs take free devices too. Each failed try means that another program was faster.
   */
  private static final int TRIES = 64;

  /**
   * EBUSY: another program was faster. ENOENT and ENXIO: the kernel has created the device, but its
   * file in /dev does not exist yet, or was removed again. EAGAIN: LOOP_SET_STATUS64 while the
   * cache is written, see loop(4).
   */
  private static final Set<Integer> PASSING =
      Set.of(libc_h.EBUSY(), libc_h.ENOENT(), libc_h.ENXIO(), libc_h.EAGAIN());

  private static final Duration PAUSE = Duration.ofMillis(10);

  private LoopDevices() {}

  /** A device that stays attached as long as this is open or the device is mounted. */
  public static final class Attached implements AutoCloseable {
    private final OpenFile device;
    private final Path path;

    private Attached(OpenFile device, Path path) {
      this.device = device;
      this.path = path;
    }

    public Path path() {
      return path;
    }

    @Override
    public void close() {
      device.close();
    }
  }

  /**
   * Checks that this machine has loop devices, before a file is created for one.
   *
   * @throws IOException if it has none; the message says what to do
   */
  public static void require() throws IOException {
    control().close();
  }

  private static OpenFile control() throws IOException {
    try {
      return OpenFile.of(CONTROL, libc_h.O_RDWR());
    } catch (LinuxException e) {
      throw new IOException(
          "this machine has no loop devices, which a file system in a file needs (%s cannot be opened: %s); load the kernel's module with `modprobe loop`, or give a container the host's devices (docker run --privileged)"
              .formatted(CONTROL, e.errnoName()),
          e);
    }
  }

  /**
   * Attaches a file to a device. If the file is already attached, its device is used: two devices
   * of one file would have two caches of one file system and destroy it.
   */
  public static Attached attach(Path file) throws IOException {
    try (OpenFile backing = OpenFile.of(file, libc_h.O_RDWR() | OpenFile.O_NOFOLLOW);
        OpenFile control = control()) {
      Attached existing = attachedTo(backing);
      if (existing != null) {
        return existing;
      }
      LinuxException last = null;
      for (int i = 0; i < TRIES; i++) {
        if (last != null && last.errno() != libc_h.EBUSY()) {
          LockSupport.parkNanos(PAUSE.toNanos());
        }
        try {
          return attachFree(control, backing);
        } catch (LinuxException e) {
          if (!PASSING.contains(e.errno())) {
            throw e;
          }
          last = e;
        }
      }
      throw new IOException(
          "no free loop device after %d tries (last error: %s); is another program using them all, or are they missing in /dev?"
              .formatted(TRIES, last == null ? "nothing" : last.getMessage()),
          last);
    }
  }

  /** The device to which a file is attached, as {@code major:minor}; empty if there is none. */
  public static Optional<String> deviceOf(Path file) throws IOException {
    try (OpenFile backing = OpenFile.of(file, libc_h.O_RDWR() | OpenFile.O_NOFOLLOW);
        Attached device = attachedTo(backing)) {
      if (device == null) {
        return Optional.empty();
      }
      Path number = Path.of("/sys/block", String.valueOf(device.path.getFileName()), "dev");
      return Optional.of(Files.readString(number).strip());
    }
  }

  private static Attached attachFree(OpenFile control, OpenFile backing) throws LinuxException {
    int number = control.ioctl("LOOP_CTL_GET_FREE", libc_h.LOOP_CTL_GET_FREE(), MemorySegment.NULL);
    Path path = Path.of("/dev/loop" + number);
    OpenFile device = OpenFile.of(path, libc_h.O_RDWR());
    try {
      configure(device, backing);
      return new Attached(device, path);
    } catch (LinuxException e) {
      device.close();
      throw e;
    }
  }

  private static void configure(OpenFile device, OpenFile backing) throws LinuxException {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment config =
          arena.allocate(loop_config.layout().byteSize(), loop_config.layout().byteAlignment());
      loop_config.fd(config, backing.number());
      loop_info64.lo_flags(loop_config.info(config), libc_h.LO_FLAGS_AUTOCLEAR());
      try {
        device.ioctl("LOOP_CONFIGURE", libc_h.LOOP_CONFIGURE(), config);
      } catch (LinuxException e) {
        if (e.errno() != libc_h.EINVAL() && e.errno() != libc_h.ENOTTY()) {
          throw e;
        }
        // Before Linux 5.8 it takes two steps.
        device.ioctl("LOOP_SET_FD", libc_h.LOOP_SET_FD(), backing.asArgument());
        try {
          device.ioctl("LOOP_SET_STATUS64", libc_h.LOOP_SET_STATUS64(), loop_config.info(config));
        } catch (LinuxException failed) {
          detach(device, failed);
          throw failed;
        }
      }
    }
  }

  /** Without LO_FLAGS_AUTOCLEAR, which was not set, the device would hold the file for ever. */
  private static void detach(OpenFile device, LinuxException failed) {
    try {
      device.ioctl("LOOP_CLR_FD", libc_h.LOOP_CLR_FD(), MemorySegment.NULL);
    } catch (LinuxException e) {
      failed.addSuppressed(e);
    }
  }

  /**
   * Finds the device of a file by what the file is, not by its name: devices are the whole host's,
   * and a name means another file in another mount namespace.
   */
  private static @Nullable Attached attachedTo(OpenFile file) throws IOException {
    try (DirectoryStream<Path> devices = Files.newDirectoryStream(Path.of("/sys/block"), "loop*")) {
      for (Path sys : devices) {
        if (!Files.exists(sys.resolve("loop"))) {
          continue; // free
        }
        Path path = Path.of("/dev", String.valueOf(sys.getFileName()));
        OpenFile device;
        try {
          device = OpenFile.of(path, libc_h.O_RDWR());
        } catch (LinuxException e) {
          if (e.errno() == libc_h.ENOENT() || e.errno() == libc_h.ENXIO()) {
            continue; // freed meanwhile
          }
          throw e;
        }
        // Open, it cannot be freed any more.
        if (isOf(device, file)) {
          return new Attached(device, path);
        }
        device.close();
      }
    }
    return null;
  }

  private static boolean isOf(OpenFile device, OpenFile file) throws LinuxException {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment status =
          arena.allocate(loop_info64.layout().byteSize(), loop_info64.layout().byteAlignment());
      try {
        device.ioctl("LOOP_GET_STATUS64", libc_h.LOOP_GET_STATUS64(), status);
      } catch (LinuxException e) {
        if (e.errno() == libc_h.ENXIO()) {
          return false;
        }
        throw e;
      }
      MemorySegment stat =
          arena.allocate(statx.layout().byteSize(), statx.layout().byteAlignment());
      KernelCalls.statx(arena, file.self().toString(), 0, libc_h.STATX_INO(), stat);
      return loop_info64.lo_inode(status) == statx.stx_ino(stat)
          && loop_info64.lo_device(status)
              == number(statx.stx_dev_major(stat), statx.stx_dev_minor(stat))
          && loop_info64.lo_offset(status) == 0
          && loop_info64.lo_sizelimit(status) == 0;
    }
  }

  /** A device number as the kernel passes it to programs, see makedev(3). */
  private static long number(int major, int minor) {
    return (minor & 0xffL) | ((long) major << 8) | ((minor & ~0xffL) << 12);
  }
}
