// SPDX-License-Identifier: Apache-2.0
package io.dvdi.driver.local;

import io.dvdi.lifecycle.VolumeEvent.Succeeded;
import io.dvdi.testing.RealMounts;
import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Volumes of the driver local. The operator allows one folder, an NFS export and an SMB server. */
abstract class DirectMountsFixture {
  @RegisterExtension final RealMounts mounts = new RealMounts();
  Path allowed = Path.of("/nonexistent");
  LocalVolumes volumes = new LocalVolumes(mounts, false);

  @BeforeEach
  void volumes() throws IOException {
    allowed = mounts.newFolder("allowed");
    volumes = new LocalVolumes(mounts, false, allowed.toString(), "nas.example:/export", "//nas/");
  }

  Succeeded bind(String device, String o) throws Exception {
    return volumes.mount("bound", "type", "none", "o", o, "device", device);
  }
}
