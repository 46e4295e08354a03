// SPDX-License-Identifier: Apache-2.0
package io.dvdi.mesos;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.dvdi.driver.plugin.StandInPlugin;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;

/** Plugins that answer as no plugin should, each under a driver's name of its own. */
final class HostilePlugins implements AutoCloseable {
  /** The driver that never answers anything but that it is there. */
  static final String SILENT = "silent";

  /** The driver that never answers a Mount. */
  static final String STUCK = "stuck";

  /** The drivers that answer with too much, or with what cannot be understood. */
  static final List<String> WRONG = List.of("nested", "endless", "rude", "listing");

  private static final int MEBIBYTE = 1 << 20;
  private static final String OK = "HTTP/1.1 200 OK\r\n";

  private static final List<String> RUDE =
      List.of(
          "HTTP/1.1 000 Nothing\r\nContent-Length: 2\r\n\r\n{}",
          "HTTP/-1.-1 200 OK\r\nContent-Length: 2\r\n\r\n{}",
          "HTTP/1.1 200 OK\r\nContent-Length: -5\r\n\r\n{}",
          "HTTP/1.1 99999999999 OK\r\n\r\n",
          "\u0000\u0001\u0002\r\n\r\n",
          OK + "X: " + "y".repeat(MEBIBYTE) + "\r\n\r\n{}",
          OK + "Transfer-Encoding: chunked\r\n\r\nffffffffffffffff\r\n{}",
          reply("{\"Err\":\"\u001b[2J\u202e\u2028password=secret " + "x".repeat(60_000) + "\"}"),
          reply("{\"Mountpoint\":\"/\u0000etc\"}"),
          reply("{\"Mountpoint\":\"/proc/self/root/etc\"}"),
          reply("{\"Mountpoint\":\"" + "/a".repeat(100_000) + "\"}"),
          reply("[]"),
          reply("null"),
          reply(""));

  private final List<StandInPlugin> plugins = new ArrayList<>();
  private final Path sockets;

  /** Starts all of them. */
  HostilePlugins(Path sockets) throws IOException {
    this.sockets = sockets;
    StandInPlugin silent = plugin(SILENT);
    all(silent, silent.hang());
    StandInPlugin stuck = plugin(STUCK);
    stuck.on("Mount", stuck.hang());
    String nested = reply("[[],".repeat(2 * MEBIBYTE));
    all(plugin("nested"), (request, out) -> out.write(nested.getBytes(UTF_8)));
    byte[] piece = "x".repeat(64 * 1024).getBytes(UTF_8);
    all(
        plugin("endless"),
        (request, out) -> {
          out.write((OK + "Content-Length: 999999999999\r\n\r\n{\"Err\":\"").getBytes(UTF_8));
          while (true) {
            out.write(piece);
          }
        });
    AtomicInteger next = new AtomicInteger();
    all(
        plugin("rude"),
        (request, out) ->
            out.write(RUDE.get(next.getAndIncrement() % RUDE.size()).getBytes(UTF_8)));
    String list = "{\"Name\":\"volume\",\"Mountpoint\":\"/somewhere\"},".repeat(200_000);
    plugin("listing")
        .on("Get", (request, out) -> out.write(StandInPlugin.reply(404, "text/plain", "none")))
        .on(
            "List",
            (request, out) -> out.write(reply("{\"Volumes\":[" + list + "{}]}").getBytes(UTF_8)))
        .on("Mount", (request, out) -> out.write(StandInPlugin.json(500, "{\"Err\":\"no\"}")));
  }

  private static String reply(String body) {
    return new String(StandInPlugin.json(200, body), UTF_8);
  }

  private StandInPlugin plugin(String name) throws IOException {
    StandInPlugin plugin = new StandInPlugin(sockets.resolve(name + ".sock"));
    plugins.add(plugin);
    return plugin;
  }

  /** The answer to everything but the question whether it is a volume plugin. */
  private static void all(StandInPlugin plugin, StandInPlugin.Habit habit) {
    for (String method : List.of("Get", "List", "Create", "Mount", "Unmount", "Path", "Remove")) {
      plugin.on(method, habit);
    }
  }

  /** Replaces all of them by well-behaved ones that know no volume, as after a restart. */
  void mend() throws IOException {
    close();
    plugin(SILENT);
    plugin(STUCK);
    for (String name : WRONG) {
      plugin(name);
    }
  }

  @Override
  public void close() throws IOException {
    for (StandInPlugin plugin : plugins) {
      plugin.close();
    }
    plugins.clear();
  }
}
