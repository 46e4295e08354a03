// SPDX-License-Identifier: Apache-2.0
package io.dvdi.build;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Where the JDK comes from: its publisher, another server, or a folder. */
class JdkMirrorTest extends JdkDownloadFixture {
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
}
