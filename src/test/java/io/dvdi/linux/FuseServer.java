// SPDX-License-Identifier: Apache-2.0
package io.dvdi.linux;

import io.dvdi.testing.Eventually;
import io.dvdi.testing.MountTable;
import io.dvdi.testing.RealMounts;
import java.nio.file.Path;

/** rclone, which shows a folder as a FUSE file system. */
final class FuseServer implements AutoCloseable {
  private final Process process;

  private FuseServer(Process process) {
    this.process = process;
  }

  static FuseServer at(RealMounts mounts, String source, Path at) throws Exception {
    FuseServer server =
        new FuseServer(
            new ProcessBuilder(
                    "rclone",
                    "mount",
                    "--config=/dev/null",
                    "--attr-timeout=0s",
                    "--dir-cache-time=0s",
                    ":local:" + mounts.folder().resolve(source),
                    at.toString())
                .redirectErrorStream(true)
                .redirectOutput(mounts.folder().resolve("rclone.log").toFile())
                .start());
    try {
      Eventually.holds("rclone has mounted", () -> MountTable.at(at).isPresent());
      return server;
    } catch (Exception | AssertionError e) {
      server.close();
      throw e;
    }
  }

  void hang() throws Exception {
    RealMounts.run("kill", "-STOP", String.valueOf(process.pid()));
  }

  void kill() {
    process.destroyForcibly().onExit().join();
  }

  @Override
  public void close() {
    kill();
  }
}
