// SPDX-License-Identifier: Apache-2.0
package io.dvdi.linux;

import io.dvdi.bindings.libc.libc_h;
import java.lang.foreign.MemorySegment;
import java.nio.file.Path;

/** A file descriptor, closed once. Not thread-safe. */
final class OpenFile implements AutoCloseable {
  private static final Processor PROCESSOR = Processor.current().orElseThrow();

  /** Flags for opening, beside those of libc_h that are the same on all processors. */
  static final int O_DIRECTORY = PROCESSOR.directory();

  static final int O_NOFOLLOW = PROCESSOR.noFollow();

  private int descriptor;

  private OpenFile(int descriptor) {
    this.descriptor = descriptor;
  }

  /** Opens an absolute path. */
  static OpenFile of(Path path, int flags) throws LinuxException {
    return new OpenFile(KernelCalls.openat(libc_h.AT_FDCWD(), path.toString(), flags));
  }

  /**
   * @param mode of a file that this makes, see open(2)
   */
  static OpenFile of(Path path, int flags, int mode) throws LinuxException {
    return new OpenFile(KernelCalls.openat(libc_h.AT_FDCWD(), path.toString(), flags, mode));
  }

  /** A copy of the mount at a path, attached nowhere; gone when it is closed. See open_tree(2). */
  static OpenFile copyOfMount(Path path) throws LinuxException {
    return new OpenFile(KernelCalls.openTree(path.toString()));
  }

  /** Opens a name in this folder. */
  OpenFile open(String name, int flags) throws LinuxException {
    return new OpenFile(KernelCalls.openat(descriptor, name, flags));
  }

  void mkdir(String name, int mode) throws LinuxException {
    KernelCalls.mkdirat(descriptor, name, mode);
  }

  /** Gives this very file to a user and a group. */
  void chown(int uid, int gid) throws LinuxException {
    KernelCalls.fchown(descriptor, uid, gid);
  }

  String readlink(String name) throws LinuxException {
    return KernelCalls.readlinkat(descriptor, name);
  }

  int ioctl(String name, long request, MemorySegment argument) throws LinuxException {
    return KernelCalls.ioctl(descriptor, name, request, argument);
  }

  /** For ioctl(2)s that take another descriptor as a number. */
  MemorySegment asArgument() {
    return MemorySegment.ofAddress(descriptor);
  }

  /** A path that leads to this very file, whatever its name leads to meanwhile, see proc(5). */
  Path self() {
    return Path.of("/proc/self/fd/" + descriptor);
  }

  /** Where the file is now. */
  Path path() throws LinuxException {
    return Path.of(KernelCalls.readlinkat(libc_h.AT_FDCWD(), self().toString()));
  }

  int number() {
    return descriptor;
  }

  @Override
  public void close() {
    if (descriptor >= 0) {
      KernelCalls.close(descriptor);
      descriptor = -1;
    }
  }
}
