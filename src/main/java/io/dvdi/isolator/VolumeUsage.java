// SPDX-License-Identifier: Apache-2.0
package io.dvdi.isolator;

import io.dvdi.volume.FileSystem;
import io.dvdi.volume.VolumeId;
import java.nio.file.Path;

/** How full a volume is. */
public record VolumeUsage(VolumeId id, Path mountpoint, FileSystem fileSystem) {}
