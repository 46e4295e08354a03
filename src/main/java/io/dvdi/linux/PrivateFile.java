// SPDX-License-Identifier: Apache-2.0
package io.dvdi.linux;

import io.dvdi.bindings.libc.libc_h;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Arrays;

/**
 * An open file that no program inherits which is started meanwhile. Those of the JDK are not
 * close-on-exec, and the agents of Mesos up to 1.6.1, and of 1.7.0, give all such to tasks. What is
 * made here is root's alone. Not thread-safe.
 */
public final class PrivateFile implements AutoCloseable {
  private static final int OWNERS = libc_h.S_IRUSR() | libc_h.S_IWUSR();
  private static final int PART = 8192;

  private final OpenFile file;
  private final String name;
  private boolean locked;

  private PrivateFile(Path path, int flags) throws LinuxException {
    this.name = path.toString();
    this.file = OpenFile.of(path, flags, OWNERS);
  }

  /** Opens a file for reading. */
  public static PrivateFile reading(Path path) throws LinuxException {
    return new PrivateFile(path, libc_h.O_RDONLY());
  }

  /** Opens a file for writing, and makes it when there is none. */
  public static PrivateFile writing(Path path) throws LinuxException {
    return new PrivateFile(path, libc_h.O_WRONLY() | libc_h.O_CREAT());
  }

  /** Makes a file, for writing. Fails when there is one. */
  public static PrivateFile making(Path path) throws LinuxException {
    return new PrivateFile(path, libc_h.O_WRONLY() | libc_h.O_CREAT() | libc_h.O_EXCL());
  }

  /** All that is in a file. */
  public static byte[] content(Path path) throws LinuxException {
    try (PrivateFile file = reading(path)) {
      ByteArrayOutputStream content = new ByteArrayOutputStream();
      byte[] part = file.read(PART);
      while (part.length > 0) {
        content.writeBytes(part);
        part = file.read(PART);
      }
      return content.toByteArray();
    }
  }

  /**
   * Replaces a file by rename(2), with fsync(2) of the new one before and of the folder after: a
   * reader finds the old content or the new, whole, also after a crash of the host.
   *
   * @param next what the new file is called until then, in the same folder
   */
  public static void replace(Path path, Path next, byte[] content) throws IOException {
    try (PrivateFile file = writing(next)) {
      file.truncate(0);
      file.write(content);
      file.force();
    }
    Files.move(next, path, StandardCopyOption.ATOMIC_MOVE);
    forceFolderOf(path);
  }

  /** What was made, renamed or removed beside this path stays so after a crash of the host. */
  public static void forceFolderOf(Path path) throws IOException {
    Path folder = path.toAbsolutePath().getParent();
    if (folder != null) {
      try (PrivateFile opened = reading(folder)) {
        opened.force();
      }
    }
  }

  /** The next bytes: fewer than these at the end only, and then none. */
  public byte[] read(int count) throws LinuxException {
    byte[] bytes = new byte[count];
    int length = 0;
    int read = 1;
    while (length < count && read > 0) {
      read = FileCalls.read(file.number(), name, bytes, length);
      length += read;
    }
    return Arrays.copyOf(bytes, length);
  }

  /** Writes all of it. */
  public void write(byte[] bytes) throws LinuxException {
    int written = 0;
    while (written < bytes.length) {
      written += FileCalls.write(file.number(), name, bytes, written);
    }
  }

  /** Makes it shorter, or longer by what takes no room. See ftruncate(2). */
  public void truncate(long length) throws LinuxException {
    FileCalls.ftruncate(file.number(), name, length);
  }

  /** Returns when its content and its length are on the disk. See fsync(2). */
  public void force() throws LinuxException {
    FileCalls.fsync(file.number(), name);
  }

  /**
   * Locks it until it is closed, which the end of the process does as well. See flock(2).
   *
   * @return false if somebody else has it locked, who may be in this process
   */
  public boolean lock() throws LinuxException {
    try {
      FileCalls.flock(file.number(), name, libc_h.LOCK_EX() | libc_h.LOCK_NB());
      locked = true;
      return true;
    } catch (LinuxException e) {
      if (e.errno() == libc_h.EAGAIN()) { // which EWOULDBLOCK is another name of
        return false;
      }
      throw e;
    }
  }

  @Override
  public void close() {
    if (locked) {
      locked = false;
      unlock();
    }
    file.close();
  }

  /** A child of the agent that has not called execve(2) yet has the file open, too. */
  private void unlock() {
    try {
      FileCalls.flock(file.number(), name, libc_h.LOCK_UN());
    } catch (LinuxException e) {
      // Closing it has the same effect, but for such a child.
    }
  }
}
