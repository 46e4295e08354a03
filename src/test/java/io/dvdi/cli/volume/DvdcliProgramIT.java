// SPDX-License-Identifier: Apache-2.0
package io.dvdi.cli.volume;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.dvdi.driver.plugin.StandInPlugin;
import io.dvdi.testing.Checkout;
import io.dvdi.testing.RealMounts;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The scripts bin/dvdcli and bin/dvdi, as they are called. */
class DvdcliProgramIT {
  private static final Path RUN = Path.of("/run");

  @TempDir Path folder;

  private StandInPlugin plugin;
  private String out = "";
  private String err = "";

  @BeforeEach
  void start() throws Exception {
    // Plugins are looked for there; the tests' JVM has a mount namespace of its own.
    RealMounts.run("mount", "-t", "tmpfs", "tmpfs", RUN.toString());
    plugin =
        new StandInPlugin(
            Files.createDirectories(RUN.resolve("docker/plugins")).resolve("stand-in.sock"));
    plugin.volumes.add("data");
    new Checkout(folder);
  }

  @AfterEach
  void stop() throws Exception {
    plugin.close();
    RealMounts.run("umount", RUN.toString());
  }

  private int run(Path program, String... words) throws Exception {
    List<String> command = new ArrayList<>(List.of(program.toString()));
    command.addAll(List.of(words));
    ProcessBuilder builder = new ProcessBuilder(command).directory(RUN.toFile());
    // Not UTF-8, as systemd has it.
    builder.environment().put("LC_ALL", "C");
    Process process = builder.start();
    process.getOutputStream().close();
    out = new String(process.getInputStream().readAllBytes(), UTF_8);
    err = new String(process.getErrorStream().readAllBytes(), UTF_8);
    return process.waitFor();
  }

  @Test
  void aLinkOfThatNameIsDvdcli() throws Exception {
    Path link = Files.createSymbolicLink(folder.resolve("dvdcli"), folder.resolve("bin/dvdcli"));
    for (int i = 0; i < 2; i++) {
      // The first run makes an archive of classes, the second one uses it.
      assertEquals(0, run(link, "mount", "--volumedriver=stand-in", "--volumename=data"), err);
      assertEquals("/mnt/data\n", out);
      assertTrue(err.matches("time=\"[^\"]+\" level=info msg=\"/mnt/data\" \n"), err);
    }
    assertTrue(Files.exists(folder.resolve("target/dvdcli.jsa")));
    assertEquals(2, run(link, "mount", "--bogus"));
    assertTrue(err.endsWith("\nError: unknown flag: --bogus\n"), err);
    assertEquals(0, run(link, "version"));
    assertTrue(out.startsWith("Binary: " + folder.resolve("bin/dvdcli") + "\n"), out);
  }

  @Test
  void anArchiveOfClassesThatIsNoneIsSaidNowhere() throws Exception {
    Files.writeString(folder.resolve("target/dvdcli.jsa"), "no archive");

    assertEquals(0, run(folder.resolve("bin/dvdcli"), "list", "--volumedriver=stand-in"), err);
    assertEquals("data\n", out);
    assertEquals("", err);
  }

  /** As a JVM leaves it that is killed while it writes it. */
  @ParameterizedTest
  @ValueSource(ints = {0, 100, 100_000})
  void anUnfinishedArchiveOfClassesIsMadeAgain(int zeros) throws Exception {
    Path archive = folder.resolve("target/dvdcli.jsa");
    Files.write(archive, new byte[zeros]);

    assertEquals(0, run(folder.resolve("bin/dvdcli"), "list", "--volumedriver=stand-in"), err);
    assertTrue(Files.size(archive) > 100_000);
    assertTrue(Files.readAllBytes(archive)[0] != 0);
  }

  @Test
  void theSameIsBinDvdiVolume() throws Exception {
    Path dvdi = folder.resolve("bin/dvdi");
    assertEquals(
        0, run(dvdi, "volume", "mount", "--volumedriver=stand-in", "--volumename=dätä"), err);
    assertEquals("/mnt/dätä\n", out);
    assertEquals(List.of("data", "dätä"), plugin.volumes);
    assertEquals(1, run(dvdi, "volume", "get", "--volumedriver=stand-in", "--volumename=x"));
    assertEquals(2, run(dvdi, "volume"));
    assertTrue(err.startsWith("Usage:\n  dvdi volume [flags]\n"), err);
    assertEquals(0, run(dvdi, "help"));
    assertTrue(out.contains("--marathon") && out.contains("--default-driver"), out);
  }
}
