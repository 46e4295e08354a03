// SPDX-License-Identifier: Apache-2.0
package io.dvdi.regression;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;

import io.dvdi.agent.EmbeddedAgent.Run;
import io.dvdi.testing.RealMounts;
import java.nio.file.Files;
import org.junit.jupiter.api.Test;

/** A driver that has its folders on a disk of their own, and mounts nothing. */
class SecondDiskIT extends RegressionFixture {
  /**
   * A18. In 0.1.0 every mount counts as new where the kernel does not let the agent copy the root
   * mount: unique mount IDs are compared with those of the mount table.
   */
  @Test
  void a18APlainFolderOfASecondDiskIsNotTakenForTheVolume() throws Exception {
    mounts.tmpfs("root", "size=1m");
    // The path is named by Mount only, so that it cannot be looked at before.
    PluginProcess plugin = plugin("--path=mounted");
    Files.createDirectories(mountOf(VOLUME));
    plugin.tell("Mount: answer " + mountOf(VOLUME));
    RealMounts.run("mount", "--make-unbindable", "/");
    try {
      Run run = start(on(VOLUME, "t", "echo t runs; touch data/file"));
      int status = status(run);

      Outcome.unless(
          !Files.exists(mountOf(VOLUME).resolve("file")),
          "the task got a plain folder of a second disk, and wrote to it");
      assertNotEquals(0, status);
      assertFalse(runs(run, "t"));
      Run last = start(keeper());
      comesToRest(plugin, VOLUME);
      endKeeper(last);
    } finally {
      RealMounts.run("mount", "--make-private", "/");
    }
  }
}
