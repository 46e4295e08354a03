// SPDX-License-Identifier: Apache-2.0
package io.dvdi.build;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.dvdi.testing.RealMounts;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

/** Machines that cannot download, keep or run the JDK. */
class JdkDownloadErrorsTest extends JdkDownloadFixture {
  @Test
  void withoutCurlAndWgetTheSentenceSaysSo() throws Exception {
    useOnly("");
    download().failure("neither curl nor wget is installed", "DVDI_JDK_MIRROR");
    assertNothingIsLeft();
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
}
