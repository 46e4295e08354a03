// SPDX-License-Identifier: Apache-2.0
package io.dvdi.lifecycle;

import io.dvdi.volume.Options;

/**
 * How a volume is mounted.
 *
 * @param service how its driver is reached; Unmount goes to the service that mounted
 * @param options that it was mounted with, default options included
 * @param readOnly whether it is mounted read-only on purpose
 * @param hostDirectory whether it is a directory of the host's own file systems on purpose
 * @param keepsAccount whether the driver has ever shown which mount IDs it has
 */
public record Terms(
    String service,
    Options options,
    boolean readOnly,
    boolean hostDirectory,
    boolean keepsAccount) {

  Terms asMounted(boolean asReadOnly, boolean asHostDirectory) {
    return new Terms(service, options, asReadOnly, asHostDirectory, keepsAccount);
  }

  Terms withAccount(boolean next) {
    return new Terms(service, options, readOnly, hostDirectory, next);
  }
}
