// SPDX-License-Identifier: Apache-2.0
package io.dvdi.driver.plugin;

import static org.junit.jupiter.api.Assertions.fail;

import java.io.File;
import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * rclone as a volume plugin: a real one, whose volumes are FUSE mounts. It runs in the mount
 * namespace of the tests.
 */
public final class Rclone {
  private final Path folder;
  private final Path socket;
  private Process process;

  public Rclone(Path folder, Path socket) throws Exception {
    this.folder = folder;
    this.socket = socket;
    for (String program : List.of("rclone", "fusermount3")) {
      if (!Files.isExecutable(Path.of("/usr/bin", program))) {
        fail(program + " is missing; install it with: apt-get install rclone fuse3");
      }
    }
    Files.createDirectories(folder.resolve("volumes"));
    Files.createDirectories(folder.resolve("cache"));
    process = start();
  }

  /** Where the files of a volume really are. */
  public Path source(String volume) throws IOException {
    return Files.createDirectories(folder.resolve("source").resolve(volume));
  }

  public void kill() throws InterruptedException {
    if (!process.destroyForcibly().waitFor(60, TimeUnit.SECONDS)) {
      fail("rclone cannot be killed");
    }
  }

  /** As if it had not been started yet. */
  public void killAndRemoveSocket() throws Exception {
    kill();
    Files.delete(socket);
  }

  /** Without its memory: with a saved mount it may block for ever before it listens. */
  public void restart() throws Exception {
    process = start("--forget-state");
  }

  private Process start(String... flags) throws Exception {
    File log = folder.resolve("rclone.log").toFile();
    Files.deleteIfExists(socket);
    List<String> command =
        new ArrayList<>(List.of("rclone", "serve", "docker", "--socket-addr", socket.toString()));
    command.addAll(List.of("--base-dir", folder.resolve("volumes").toString()));
    command.addAll(List.of("--cache-dir", folder.resolve("cache").toString()));
    command.addAll(List.of("--config", folder.resolve("rclone.conf").toString()));
    command.addAll(List.of(flags));
    Process started =
        new ProcessBuilder(command)
            .redirectErrorStream(true)
            .redirectOutput(ProcessBuilder.Redirect.appendTo(log))
            .start();
    for (int i = 0; i < 200; i++) {
      if (answers()) {
        return started;
      }
      if (!started.isAlive()) {
        break;
      }
      Thread.sleep(50);
    }
    started.destroyForcibly();
    return fail("rclone does not listen: " + Files.readString(log.toPath()));
  }

  private boolean answers() throws IOException {
    try (SocketChannel channel = SocketChannel.open(StandardProtocolFamily.UNIX)) {
      return channel.connect(UnixDomainSocketAddress.of(socket));
    } catch (java.net.SocketException e) {
      return false;
    }
  }

  public void close() throws InterruptedException {
    kill();
  }
}
