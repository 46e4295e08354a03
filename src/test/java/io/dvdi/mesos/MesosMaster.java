// SPDX-License-Identifier: Apache-2.0
package io.dvdi.mesos;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/** A master that keeps nothing. */
final class MesosMaster {
  private final int port;
  private final Daemon daemon;

  MesosMaster(Path folder) throws IOException {
    Files.createDirectories(folder);
    port = Daemon.freePort();
    daemon =
        new Daemon(
            folder,
            folder.resolve("log"),
            Map.of(),
            List.of(
                Installation.program("mesos-master"),
                "--ip=127.0.0.1",
                "--port=" + port,
                "--hostname=127.0.0.1",
                "--work_dir=" + folder.resolve("work"),
                "--registry=in_memory",
                // Offers come sooner than each second.
                "--allocation_interval=50ms"));
    daemon.awaitLog("Elected as the leading master");
  }

  int port() {
    return port;
  }

  void end() throws InterruptedException {
    daemon.killNine();
  }
}
