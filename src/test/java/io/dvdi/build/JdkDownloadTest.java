// SPDX-License-Identifier: Apache-2.0
package io.dvdi.build;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpHandler;
import com.sun.net.httpserver.HttpServer;
import io.dvdi.testing.Eventually;
import io.dvdi.testing.RealMounts;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The JDK for machines whose distribution has none, with a server of the test's own. */
class JdkDownloadTest {
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

  private static JdkArchive jdk = new JdkArchive("", new byte[0]);

  @RegisterExtension private final RealMounts files = new RealMounts();

  private final AtomicInteger requests = new AtomicInteger();
  private final ExecutorService threads = Executors.newCachedThreadPool();
  private HttpServer server;
  private HttpHandler answer;
  private JdkArchive archive;
  private Path lib;
  private Path path;
  private Path cache;
  private String mirror;

  JdkDownloadTest() throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
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

  private void expect(String sum) throws IOException {
    Files.writeString(
        lib.resolve("temurin.sha256"),
        "%s  OpenJDK999U-jdk_other_linux_hotspot_999.0.1_7.tar.gz\n%s  %s\n"
            .formatted("0".repeat(64), sum, archive.name));
  }

  /** Lets the scripts find programs of this machine. */
  private void put(List<String> programs) throws Exception {
    List<String> command = new ArrayList<>(List.of("bash", "-c", "type -P \"$@\"", "bash"));
    command.addAll(programs);
    for (String found : RealMounts.run(command.toArray(String[]::new)).lines().toList()) {
      Path program = Path.of(found);
      Files.createSymbolicLink(path.resolve(program.getFileName()), program);
    }
  }

  private void putScript(String name, String text) throws IOException {
    Path script = Files.writeString(path.resolve(name), "#!/bin/sh\n" + text + "\n");
    script.toFile().setExecutable(true);
  }

  private void useOnly(String downloader) throws Exception {
    Files.delete(path.resolve("curl"));
    if (!downloader.isEmpty()) {
      put(List.of(downloader));
    }
  }

  private void whole(HttpExchange exchange) throws IOException {
    exchange.sendResponseHeaders(200, archive.bytes.length);
    exchange.getResponseBody().write(archive.bytes);
    exchange.close();
  }

  private void half(HttpExchange exchange) throws IOException {
    exchange.sendResponseHeaders(200, archive.bytes.length);
    exchange.getResponseBody().write(archive.bytes, 0, archive.bytes.length / 2);
    exchange.getResponseBody().flush();
  }

  private record Ended(int status, String output, String errors) {
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

  private Process start(String... command) throws IOException {
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

  private static Ended end(Process process) throws Exception {
    String errors = new String(process.getErrorStream().readAllBytes(), UTF_8);
    String output = new String(process.getInputStream().readAllBytes(), UTF_8);
    return new Ended(process.waitFor(), output, errors);
  }

  private Ended run(String... command) throws Exception {
    return end(start(command));
  }

  private String program() {
    return lib.resolve("download-jdk").toString();
  }

  private Ended download() throws Exception {
    return run(program());
  }

  private void assertNothingIsLeft() throws IOException {
    try (Stream<Path> left = Files.walk(cache)) {
      assertEquals(
          List.of(cache, cache.resolve("dvdi"), cache.resolve("dvdi/jdk")), left.sorted().toList());
    }
  }

  private Path home() {
    return cache.resolve("dvdi/jdk").resolve(archive.name.replace(".tar.gz", ""));
  }

  private void assertIsFound() throws Exception {
    for (String program : List.of("java", "javac")) {
      Ended found = run("bash", "-c", ". \"$0/jdk.sh\"; find_java 22 " + program, lib.toString());
      assertEquals(home() + "\n", found.output(), found.errors());
    }
    try (Stream<Path> kept = Files.list(cache.resolve("dvdi"))) {
      assertEquals(List.of(cache.resolve("dvdi/jdk")), kept.toList());
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"curl", "wget"})
  void itIsDownloadedOnceAndFoundForBuildingAndRunning(String downloader) throws Exception {
    useOnly(downloader);
    Ended first = download();
    assertEquals(0, first.status(), first.errors());
    assertTrue(first.errors().contains("Downloading a JDK from " + mirror), first.errors());
    assertIsFound();

    Ended second = download();
    assertEquals(new Ended(0, "", ""), second);
    assertEquals(1, requests.get());
  }

  @ParameterizedTest
  @ValueSource(strings = {"curl", "wget"})
  void itsSizeAndProgressAreShown(String downloader) throws Exception {
    useOnly(downloader);
    CountDownLatch seen = new CountDownLatch(1);
    answer =
        exchange -> {
          half(exchange);
          try {
            seen.await();
          } catch (InterruptedException e) {
            throw new IOException(e);
          }
          int half = archive.bytes.length / 2;
          exchange.getResponseBody().write(archive.bytes, half, archive.bytes.length - half);
          exchange.close();
        };
    Process process = start(program());
    List<String> lines = new ArrayList<>();
    try (var errors = process.errorReader(UTF_8)) {
      for (String line = errors.readLine(); line != null; line = errors.readLine()) {
        lines.add(line);
        if (line.matches("[01] of 3 MiB")) {
          seen.countDown();
        }
      }
    }
    assertEquals(0, process.waitFor(), lines::toString);
  }

  @ParameterizedTest
  @ValueSource(strings = {"curl", "wget"})
  void aServerThatLacksItIsNamedWithFileChecksumAndVariable(String downloader) throws Exception {
    useOnly(downloader);
    answer =
        exchange -> {
          exchange.sendResponseHeaders(404, -1);
          exchange.close();
        };
    String failure =
        download().failure(archive.name, archive.sum(), mirror, "DVDI_JDK_MIRROR", "(");
    assertTrue(failure.contains("404") || failure.contains("Not Found"), failure);
    assertNothingIsLeft();
  }

  @ParameterizedTest
  @ValueSource(strings = {"curl", "wget"})
  void withoutNetworkOneSentenceNamesFileChecksumAndVariable(String downloader) throws Exception {
    useOnly(downloader);
    server.stop(0);
    String failure = download().failure(archive.name, archive.sum(), "DVDI_JDK_MIRROR");
    assertTrue(failure.contains("onnect"), failure);
    assertNothingIsLeft();
  }

  @Test
  void withoutMirrorItIsThePublishersThatIsAsked() throws Exception {
    mirror = "";
    // Instead of the network.
    Files.delete(path.resolve("curl"));
    putScript("curl", "echo 'curl: (6) Could not resolve host: github.com' >&2; exit 6");
    download()
        .failure(
            "https://github.com/adoptium/temurin999-binaries/releases/download/jdk-999.0.1%2B7 ",
            archive.name, archive.sum(), "Could not resolve host", "DVDI_JDK_MIRROR");
    assertNothingIsLeft();
  }

  @Test
  void withoutCurlAndWgetTheSentenceSaysSo() throws Exception {
    useOnly("");
    download().failure("neither curl nor wget is installed", "DVDI_JDK_MIRROR");
    assertNothingIsLeft();
  }

  @ParameterizedTest
  @ValueSource(strings = {"curl", "wget"})
  void oneThatIsCutOffIsNoJdk(String downloader) throws Exception {
    useOnly(downloader);
    answer =
        exchange -> {
          half(exchange);
          // Ends the connection, since the length that it announced is not reached.
          exchange.close();
        };
    assertNotEquals(0, download().status());
    assertNothingIsLeft();

    answer = this::whole;
    assertEquals(0, download().status());
    assertIsFound();
  }

  @Test
  void anotherChecksumIsRefusedAndNothingIsUnpacked() throws Exception {
    expect("ab".repeat(32));
    download().failure(archive.sum(), "ab".repeat(32), archive.name, "DVDI_JDK_MIRROR");
    assertNothingIsLeft();
  }

  @Test
  void theMirrorMayBeAFolder() throws Exception {
    Path folder = files.newFolder("folder with space");
    archive.writeTo(folder);
    mirror = folder.toString();
    useOnly("");
    Ended ended = download();
    assertEquals(0, ended.status(), ended.errors());
    assertIsFound();
    assertEquals(0, requests.get());
    assertTrue(Files.exists(folder.resolve(archive.name)));
  }

  @Test
  void aFolderIsHeldToTheChecksum() throws Exception {
    Path folder = files.newFolder("folder");
    archive.writeTo(folder);
    mirror = folder + "/";
    expect("ab".repeat(32));
    download().failure("ab".repeat(32), archive.sum());
    assertNothingIsLeft();
  }

  @ParameterizedTest
  @ValueSource(strings = {"/nonexistent", "relative", "ftp:/nowhere"})
  void aMirrorThatIsNothingIsNamed(String nothing) throws Exception {
    mirror = nothing;
    download().failure(nothing, archive.name, archive.sum(), "DVDI_JDK_MIRROR", "absolute path");
    assertNothingIsLeft();
  }

  @ParameterizedTest
  @ValueSource(strings = {"curl", "wget"})
  void ctrlCInTheMiddleLeavesNothing(String downloader) throws Exception {
    useOnly(downloader);
    CountDownLatch halfway = new CountDownLatch(1);
    answer =
        exchange -> {
          half(exchange);
          halfway.countDown();
        };
    // In a process group of its own, as from a terminal.
    put(List.of("setsid"));
    Process process = start("setsid", "env", "--default-signal=INT", program());
    halfway.await();
    RealMounts.run("bash", "-c", "kill -INT -- -" + process.pid());
    Ended ended = end(process);
    assertEquals(130, ended.status(), ended.errors());
    assertNothingIsLeft();
    Eventually.holds("nothing runs on", () -> process.toHandle().descendants().findAny().isEmpty());
  }

  @Test
  void aKilledOneIsNotMistakenForAWholeOneAndItsRestIsRemoved() throws Exception {
    Path home = Files.createDirectories(cache.resolve("dvdi/jdk.partial/jdk/bin"));
    for (String program : List.of("java", "javac")) {
      Files.writeString(home.resolve(program), "#!/bin/sh\n").toFile().setExecutable(true);
    }
    Files.writeString(home.resolveSibling("release"), "JAVA_VERSION=\"999.0.1\"\n");
    Ended found = run("bash", "-c", ". \"$0/jdk.sh\"; find_java 999 java", lib.toString());
    assertEquals(1, found.status(), found.output());

    assertEquals(0, download().status());
    assertIsFound();
  }

  @Test
  void twoAtOnceDownloadItOnce() throws Exception {
    Semaphore go = new Semaphore(0);
    answer =
        exchange -> {
          go.acquireUninterruptibly();
          whole(exchange);
        };
    Process one = start(program());
    Eventually.holds("the first downloads", () -> requests.get() == 1);
    Process other = start(program());
    try (var errors = other.errorReader(UTF_8)) {
      assertEquals("Waiting for another download of the JDK to end", errors.readLine());
      go.release();
      assertEquals(0, one.waitFor());
      assertEquals(0, other.waitFor());
    }
    assertEquals(1, requests.get());
    assertIsFound();
  }

  @Test
  void aFullDiskIsSaid() throws Exception {
    cache = files.tmpfs("full", "size=1m");
    download().failure("cannot be kept in " + cache + "/dvdi/jdk", "XDG_CACHE_HOME");
    assertNothingIsLeft();
  }

  @Test
  void aDiskThatHoldsTheArchiveAndNotTheJdkIsSaid() throws Exception {
    cache = files.tmpfs("full", "size=5m");
    download().failure("No space left", "XDG_CACHE_HOME");
    assertNothingIsLeft();
  }

  @Test
  void aCacheThatCannotBeMadeIsSaid() throws Exception {
    cache = Files.createFile(files.folder().resolve("file"));
    download().failure("cannot be kept in " + cache, "XDG_CACHE_HOME");
    assertEquals(0, requests.get());
  }

  @Test
  void aProcessorWithoutArchiveIsNamed() throws Exception {
    Files.delete(path.resolve("uname"));
    putScript("uname", "echo riscv64");
    download().failure("riscv64", "DVDI_JAVA_HOME");
    assertEquals(0, requests.get());
  }

  @Test
  void aJdkThatDoesNotRunHereIsSaid() throws Exception {
    Path folder = files.newFolder("broken");
    Path bin = Files.createDirectories(folder.resolve("jdk/bin"));
    Files.writeString(
        bin.resolve("java"), "#!/bin/sh\necho 'java: GLIBC_9 not found' >&2; exit 1\n");
    bin.resolve("java").toFile().setExecutable(true);
    RealMounts.run(
        "tar", "-C", folder.toString(), "-czf", folder.resolve("a.tar.gz").toString(), "jdk");
    archive = new JdkArchive(archive.name, Files.readAllBytes(folder.resolve("a.tar.gz")));
    expect(archive.sum());
    download().failure("does not run on this machine", "GLIBC_9 not found", "DVDI_JAVA_HOME");
    assertNothingIsLeft();
  }

  /** What bin/dvdi and bin/check call, on a machine without any JDK. */
  private Ended requirePackages() throws Exception {
    put(List.of("mount", "unshare"));
    return run(
        "unshare",
        "--mount",
        "--propagation",
        "private",
        "bash",
        "-euc",
        """
        for folder in /usr/lib/jvm /usr/java /opt; do
          [[ ! -d $folder ]] || mount -t tmpfs tmpfs "$folder"
        done
        # It adds the places of programs that only root calls.
        for folder in /usr/sbin /sbin; do
          [[ -L $folder ]] || mount -t tmpfs tmpfs "$folder"
        done
        source "$0/jdk.sh"
        source "$0/packages.sh"
        require_packages ''
        """,
        lib.toString());
  }

  @Test
  void withoutAptTheJdkAloneIsDownloaded() throws Exception {
    Ended ended = requirePackages();
    assertEquals(0, ended.status(), ended.errors());
    assertIsFound();
  }

  @Test
  void whereTheDistributionHasNoneItIsDownloaded() throws Exception {
    putScript("apt-get", "echo \"$@\" >&2");
    putScript(
        "apt-cache", "echo openjdk-17-jdk-headless - too old; echo openjdk-21-jdk-headless -");
    Ended ended = requirePackages();
    assertEquals(0, ended.status(), ended.errors());
    assertIsFound();
  }

  @Test
  void theDistributionsOwnComesFirst() throws Exception {
    putScript("apt-get", "echo \"$@\"");
    putScript("apt-cache", "echo openjdk-21-jdk-headless -; echo openjdk-25-jdk-headless -");
    Ended ended = requirePackages();
    assertEquals(0, ended.status(), ended.errors());
    assertTrue(ended.errors().contains(" openjdk-25-jdk-headless\n"), ended.errors());
    assertEquals(0, requests.get());
  }

  @Test
  void whereTheDistributionsOwnCannotBeInstalledItIsDownloaded() throws Exception {
    putScript("apt-get", "exit 100");
    putScript("apt-cache", "echo openjdk-25-jdk-headless -");
    Ended ended = requirePackages();
    assertEquals(0, ended.status(), ended.errors());
    assertIsFound();
  }
}
