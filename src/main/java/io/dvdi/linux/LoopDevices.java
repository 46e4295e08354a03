// SPDX-License-Identifier: Apache-2.0
package io.dvdi.linux;

import io.dvdi.bindings.libc.libc_h;
import io.dvdi.bindings.libc.loop_config;
import io.dvdi.bindings.libc.loop_info64;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * Loop devices, loop(4). All are made with LO_FLAGS_AUTOCLEAR: the kernel frees the device with its
 * last user, so that a crash leaves none behind and an unmount needs no second step.
 */
public final class LoopDevices {
  private static final Path CONTROL = Path.of("/dev/loop-control");

  /** Others take free devices too; each try lost is one that somebody else won. */
  private static final int TRIES = 64;

  private LoopDevices() {}

  /** A device that is kept attached while this is open, or while it is mounted. */
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
   * Attaches a file to a device. A file that has one already keeps that one: two devices of one
   * file are two caches of one file system, which destroys it.
   */
  public static Attached attach(Path file) throws IOException {
    try (OpenFile backing = OpenFile.of(file, libc_h.O_RDWR() | libc_h.O_NOFOLLOW())) {
      Attached existing = attachedTo(file);
      if (existing != null) {
        return existing;
      }
      for (int i = 0; i < TRIES; i++) {
        Path path;
        try (OpenFile control = OpenFile.of(CONTROL, libc_h.O_RDWR())) {
          path =
              Path.of(
                  "/dev/loop"
                      + control.ioctl(
                          "LOOP_CTL_GET_FREE", libc_h.LOOP_CTL_GET_FREE(), MemorySegment.NULL));
        }
        OpenFile device = OpenFile.of(path, libc_h.O_RDWR());
        try {
          configure(device, backing);
          return new Attached(device, path);
        } catch (LinuxException e) {
          device.close();
          if (e.errno() != libc_h.EBUSY()) {
            throw e;
          }
        }
      }
    }
    throw new IOException(
        "no free loop device after " + TRIES + " tries; is another program taking them all?");
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
        device.ioctl("LOOP_SET_STATUS64", libc_h.LOOP_SET_STATUS64(), loop_config.info(config));
      }
    }
  }

  private static @Nullable Attached attachedTo(Path file) throws IOException {
    String real = file.toRealPath().toString();
    try (DirectoryStream<Path> devices = Files.newDirectoryStream(Path.of("/sys/block"), "loop*")) {
      for (Path sys : devices) {
        if (!backs(sys, real)) {
          continue;
        }
        Path path = Path.of("/dev", String.valueOf(sys.getFileName()));
        OpenFile device = OpenFile.of(path, libc_h.O_RDWR());
        // Open now, it cannot go; but it may have gone and come back for another file just before.
        if (backs(sys, real)) {
          return new Attached(device, path);
        }
        device.close();
      }
    }
    return null;
  }

  private static boolean backs(Path sys, String file) {
    try {
      return Files.readString(sys.resolve("loop/backing_file")).strip().equals(file);
    } catch (IOException e) {
      // A device that is free has no such file, and one that becomes free answers ENODEV or EIO.
      return false;
    }
  }
}
