// SPDX-License-Identifier: Apache-2.0
package io.dvdi.build;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.dvdi.testing.Eventually;
import io.dvdi.testing.RealMounts;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The JDK for machines whose distribution has none is downloaded once and whole. */
class JdkDownloadTest extends JdkDownloadFixture {
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
}
