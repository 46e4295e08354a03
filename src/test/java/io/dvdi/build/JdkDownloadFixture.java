// SPDX-License-Identifier: Apache-2.0
package io.dvdi.build;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpHandler;
import com.sun.net.httpserver.HttpServer;
import io.dvdi.testing.RealMounts;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** The scripts that download a JDK, with a server, a cache and a PATH of the test's own. */
abstract class JdkDownloadFixture {
  /** What the scripts call: PATH has nothing else. */
  private static final List<String> TOOLS =
      List.of(
          "bash",
          "cat",
          "curl",
          "dirname",
          "env",
          "find",
          "flock",
          "grep",
          "gzip",
          "ln",
          "mkdir",
          "mv",
          "readlink",
          "rm",
          "sed",
          "sh",
          "sha256sum",
          "sleep",
          "stat",
          "tail",
          "tar",
          "uname");

  static JdkArchive jdk = new JdkArchive("", new byte[0]);

  @RegisterExtension final RealMounts files = new RealMounts();

  final AtomicInteger requests = new AtomicInteger();
  private final ExecutorService threads = Executors.newCachedThreadPool();
  HttpServer server;
  HttpHandler answer;
  JdkArchive archive;
  Path lib;
  Path path;
  Path cache;
  String mirror;

  JdkDownloadFixture() {
    try {
      server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    mirror = "http://127.0.0.1:%d/releases".formatted(server.getAddress().getPort());
    answer = this::whole;
    archive = jdk;
    lib = path = cache = Path.of("/nonexistent");
  }

  @BeforeAll
  static void makeArchive(@TempDir Path folder) throws Exception {
    jdk = JdkArchive.make(folder);
  }

  @BeforeEach
  void start() throws Exception {
    cache = files.newFolder("cache");
    lib = files.newFolder("lib");
    for (String script : List.of("download-jdk", "interruptible.sh", "jdk.sh", "packages.sh")) {
      RealMounts.run("cp", "bin/lib/" + script, lib.toString());
    }
    // The second line is another processor's.
    expect(archive.sum());
    path = files.newFolder("path");
    put(TOOLS);
    server.createContext(
        "/releases/" + archive.name,
        exchange -> {
          requests.incrementAndGet();
          answer.handle(exchange);
        });
    server.setExecutor(threads);
    server.start();
  }

  @AfterEach
  void stop() {
    server.stop(0);
    threads.shutdownNow();
  }

  void expect(String sum) throws IOException {
    Files.writeString(
        lib.resolve("temurin.sha256"),
        "%s  OpenJDK999U-jdk_other_linux_hotspot_999.0.1_7.tar.gz\n%s  %s\n"
            .formatted("0".repeat(64), sum, archive.name));
  }

  /** Lets the scripts find programs of this machine. */
  void put(List<String> programs) throws Exception {
    List<String> command = new ArrayList<>(List.of("bash", "-c", "type -P \"$@\"", "bash"));
    command.addAll(programs);
    for (String found : RealMounts.run(command.toArray(String[]::new)).lines().toList()) {
      Path program = Path.of(found);
      Files.createSymbolicLink(path.resolve(program.getFileName()), program);
    }
  }

  void putScript(String name, String text) throws IOException {
    Path script = Files.writeString(path.resolve(name), "#!/bin/sh\n" + text + "\n");
    script.toFile().setExecutable(true);
  }

  void useOnly(String downloader) throws Exception {
    Files.delete(path.resolve("curl"));
    if (!downloader.isEmpty()) {
      put(List.of(downloader));
    }
  }

  void whole(HttpExchange exchange) throws IOException {
    exchange.sendResponseHeaders(200, archive.bytes.length);
    exchange.getResponseBody().write(archive.bytes);
    exchange.close();
  }

  void half(HttpExchange exchange) throws IOException {
    exchange.sendResponseHeaders(200, archive.bytes.length);
    exchange.getResponseBody().write(archive.bytes, 0, archive.bytes.length / 2);
    exchange.getResponseBody().flush();
  }

  record Ended(int status, String output, String errors) {
    /** The one sentence, after the line that says what is downloaded. */
    String failure(String... parts) {
      assertEquals(1, status, errors);
      List<String> lines =
          errors
              .lines()
              .filter(line -> !line.matches("(Downloading|Taking) .*|\\d+ of \\d+ MiB"))
              .toList();
      assertEquals(1, lines.size(), errors);
      for (String part : parts) {
        assertTrue(lines.get(0).contains(part), part + " in: " + errors);
      }
      return lines.get(0);
    }
  }

  Process start(String... command) throws IOException {
    ProcessBuilder builder = new ProcessBuilder(command);
    builder.environment().clear();
    builder
        .environment()
        .putAll(
            Map.of(
                "PATH", path.toString(),
                "XDG_CACHE_HOME", cache.toString(),
                "DVDI_JDK_MIRROR", mirror));
    Process process = builder.start();
    process.getOutputStream().close();
    return process;
  }

  static Ended end(Process process) throws Exception {
    String errors = new String(process.getErrorStream().readAllBytes(), UTF_8);
    String output = new String(process.getInputStream().readAllBytes(), UTF_8);
    return new Ended(process.waitFor(), output, errors);
  }

  Ended run(String... command) throws Exception {
    return end(start(command));
  }

  String program() {
    return lib.resolve("download-jdk").toString();
  }

  Ended download() throws Exception {
    return run(program());
  }

  void assertNothingIsLeft() throws IOException {
    try (Stream<Path> left = Files.walk(cache)) {
      assertEquals(
          List.of(cache, cache.resolve("dvdi"), cache.resolve("dvdi/jdk")), left.sorted().toList());
    }
  }

  Path home() {
    return cache.resolve("dvdi/jdk").resolve(archive.name.replace(".tar.gz", ""));
  }

  void assertIsFound() throws Exception {
    for (String program : List.of("java", "javac")) {
      Ended found = run("bash", "-c", ". \"$0/jdk.sh\"; find_java 22 " + program, lib.toString());
      assertEquals(home() + "\n", found.output(), found.errors());
    }
    try (Stream<Path> kept = Files.list(cache.resolve("dvdi"))) {
      assertEquals(List.of(cache.resolve("dvdi/jdk")), kept.toList());
    }
  }
}
