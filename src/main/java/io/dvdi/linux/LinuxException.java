// SPDX-License-Identifier: Apache-2.0
package io.dvdi.linux;

import io.dvdi.bindings.libc.libc_h;
import java.io.IOException;

/**
 * A system call that failed. The message contains the call, its object, and the name and text of
 * errno.
 */
public final class LinuxException extends IOException {
  private static final long serialVersionUID = 1L;

  private final String call;
  private final int errno;

  LinuxException(String call, int errno) {
    this.call = call;
    this.errno = errno;
  }

  /**
   * Made when it is asked for: most failures are expected, such as ENOENT, and nobody reads them.
   */
  @Override
  public String getMessage() {
    return "%s: %s (%s)".formatted(call, Errno.name(errno), Errno.words(errno));
  }

  /** The error number, see errno(3). */
  public int errno() {
    return errno;
  }

  /** Whether the file does not exist. */
  boolean isMissing() {
    return errno == libc_h.ENOENT() || errno == libc_h.ENOTDIR();
  }

  /** The name of the error number, such as EBUSY. */
  public String errnoName() {
    return Errno.name(errno);
  }
}
