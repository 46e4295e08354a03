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
 * An open file with close-on-exec, accessible only by root. The JDK does not set close-on-exec, and
 * agents of Mesos up to 1.6.1, and of 1.7.0, pass all other descriptors to tasks. Not thread-safe.
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

  /** Opens a file for writing, and creates it if it does not exist. */
  public static PrivateFile writing(Path path) throws LinuxException {
    return new PrivateFile(path, libc_h.O_WRONLY() | libc_h.O_CREAT());
  }

  /** Creates a file and opens it for writing. Fails if it exists. */
  public static PrivateFile making(Path path) throws LinuxException {
    return new PrivateFile(path, libc_h.O_WRONLY() | libc_h.O_CREAT() | libc_h.O_EXCL());
  }

  /** The content of a file. */
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
   * Replaces a file durably: fsync(2) of the new file, rename(2), fsync(2) of the folder. Readers
   * always find the complete old or new content, even after a crash of the host.
   *
   * @param next the temporary name of the new file, in the same folder
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

  /**
   * Makes changes of the folder that contains this path durable: files that were created, renamed
   * or removed.
   */
  public static void forceFolderOf(Path path) throws IOException {
    Path folder = path.toAbsolutePath().getParent();
    if (folder != null) {
      try (PrivateFile opened = reading(folder)) {
        opened.force();
      }
    }
  }

  /** Reads this many bytes; fewer only at the end of the file. */
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

  /** Writes all bytes. */
  public void write(byte[] bytes) throws LinuxException {
    int written = 0;
    while (written < bytes.length) {
      written += FileCalls.write(file.number(), name, bytes, written);
    }
  }

  /** Sets the length, see ftruncate(2). Added bytes use no disk space. */
  public void truncate(long length) throws LinuxException {
    FileCalls.ftruncate(file.number(), name, length);
  }

  /** Waits until content and length are on disk, see fsync(2). */
  public void force() throws LinuxException {
    FileCalls.fsync(file.number(), name);
  }

  /**
   * Locks the file until it is closed or the process ends, see flock(2).
   *
   * @return false if it is already locked, by another process or by this one
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

  /** A child of the agent that has not called execve(2) yet has the file open too. */
  private void unlock() {
    try {
      FileCalls.flock(file.number(), name, libc_h.LOCK_UN());
    } catch (LinuxException e) {
      // Closing it has the same effect, but for such a child.
    }
  }
}
