// SPDX-License-Identifier: Apache-2.0
package io.dvdi.linux;

import io.dvdi.bindings.libc.libc_h;
import java.io.IOException;

/**
 * A system call that failed. The message has the call, what it was about, and errno's name and
 * words.
 */
public final class LinuxException extends IOException {
  private static final long serialVersionUID = 1L;

  private final int errno;

  LinuxException(String call, int errno) {
    super("%s: %s (%s)".formatted(call, Errno.name(errno), Errno.words(errno)));
    this.errno = errno;
  }

  /** The error number, as errno(3) lists them. */
  public int errno() {
    return errno;
  }

  /** Whether it says that there is no such file. */
  boolean isMissing() {
    return errno == libc_h.ENOENT() || errno == libc_h.ENOTDIR();
  }

  /** Its name, such as EBUSY. */
  public String errnoName() {
    return Errno.name(errno);
  }
}
