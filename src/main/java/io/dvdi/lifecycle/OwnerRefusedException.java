// SPDX-License-Identifier: Apache-2.0
package io.dvdi.lifecycle;

import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** A file system does not allow changing owners, as many FUSE and NFS servers do not. */
public final class OwnerRefusedException extends IOException {
  private static final long serialVersionUID = 1L;

  /**
   * @param message what was refused, and with which error
   */
  public OwnerRefusedException(String message, @Nullable Throwable cause) {
    super(message, cause);
  }
}
