// SPDX-License-Identifier: Apache-2.0
package io.dvdi.driver.local;

import java.nio.file.Path;
import java.util.List;

/**
 * What the operator decides about local volumes.
 *
 * @param folder where they are kept; root's alone
 * @param devices what the option device may begin with: folders for binds and block devices,
 *     servers for network file systems
 * @param plainDirectories whether a volume may be a plain directory of that folder
 */
public record LocalSettings(Path folder, List<String> devices, boolean plainDirectories) {}
