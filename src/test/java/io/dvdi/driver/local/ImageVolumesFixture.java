// SPDX-License-Identifier: Apache-2.0
package io.dvdi.driver.local;

import io.dvdi.testing.RealMounts;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Volumes of the driver local in a folder of the test's own. */
abstract class ImageVolumesFixture {
  static final long GIB = 1L << 30;

  @RegisterExtension final RealMounts mounts = new RealMounts();
  LocalVolumes volumes = new LocalVolumes(mounts, false);

  @BeforeEach
  void volumes() {
    volumes = new LocalVolumes(mounts, false);
  }
}
