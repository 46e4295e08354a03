// SPDX-License-Identifier: Apache-2.0
package io.dvdi.benchmarks;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.dvdi.driver.plugin.PluginFolders;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * The plugin in C (plugin.c), in a process of its own, so that neither its time nor its memory is
 * that of this JVM. Every volume exists, and is a tmpfs while it is mounted.
 */
public final class FastPlugin implements AutoCloseable {
  /** The name of its driver. */
  public static final String NAME = "benchmark";

  private static final long PATIENCE_SECONDS = 10;

  private final PluginFolders folders;
  private final Process process;

  /**
   * Starts it, and waits until it listens.
   *
   * @param folder exists; takes the socket, which the kernel limits to 107 bytes, and the volumes
   */
  public FastPlugin(Path folder) throws IOException {
    Path sockets = Files.createDirectory(folder.resolve("sockets"));
    Path volumes = Files.createDirectory(folder.resolve("volumes"));
    this.folders = new PluginFolders(sockets, List.of(), folder.resolve("managed"));
    this.process =
        new ProcessBuilder(
                BuiltPrograms.folder().resolve("plugin").toString(),
                socket().toString(),
                volumes.toString())
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .start();
    String line =
        new BufferedReader(new InputStreamReader(process.getInputStream(), UTF_8)).readLine();
    if (!"ready".equals(line)) {
      close();
      throw new IOException("the plugin did not start: " + line);
    }
  }

  /** Where it is found. */
  public PluginFolders folders() {
    return folders;
  }

  /** Where it listens. */
  public Path socket() {
    return folders.sockets().resolve(NAME + ".sock");
  }

  /** Ends it. What it has mounted stays mounted. */
  @Override
  public void close() throws IOException {
    process.getOutputStream().close(); // it ends with its standard input
    try {
      if (!process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
        process.destroyForcibly();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      process.destroyForcibly();
    }
  }
}
