// SPDX-License-Identifier: Apache-2.0
package io.dvdi.isolator;

/**
 * A container cannot have its volumes. The message is what the framework shows to the task's
 * author.
 */
public final class VolumeException extends Exception {
  private static final long serialVersionUID = 1L;

  VolumeException(String message) {
    super(message);
  }
}
