// SPDX-License-Identifier: Apache-2.0
package io.dvdi.lifecycle;

import io.dvdi.volume.Options;

/**
 * How a volume is mounted.
 *
 * @param service how its driver is reached; the end of a mount is told to the one that was told of
 *     its start
 * @param options of the containers that have it
 * @param readOnly it is mounted read-only on purpose
 * @param hostDirectory it is a directory of the host's own file systems on purpose
 * @param keepsAccount the driver has shown which mount IDs it holds
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
