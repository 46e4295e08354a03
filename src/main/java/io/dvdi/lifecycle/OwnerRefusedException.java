// SPDX-License-Identifier: Apache-2.0
package io.dvdi.lifecycle;

import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** A file system decides by itself to whom its files belong, as many a FUSE and NFS server does. */
public final class OwnerRefusedException extends IOException {
  private static final long serialVersionUID = 1L;

  /**
   * @param message what was refused, and with which error
   */
  public OwnerRefusedException(String message, @Nullable Throwable cause) {
    super(message, cause);
  }
}
