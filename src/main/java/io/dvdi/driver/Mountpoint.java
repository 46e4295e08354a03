// SPDX-License-Identifier: Apache-2.0
package io.dvdi.driver;

import java.nio.file.Path;

/**
 * Where a driver says that a volume is. That it is there is for the caller to prove.
 *
 * @param path as the driver gave it
 * @param hostDirectory the operator has allowed this very directory of the host's own file systems
 *     to be handed out
 * @param readOnly the volume's options ask for a read-only mount
 */
public record Mountpoint(Path path, boolean hostDirectory, boolean readOnly) {}
