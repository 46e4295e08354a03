// SPDX-License-Identifier: Apache-2.0
package io.dvdi.cli.volume;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.dvdi.driver.plugin.StandInPlugin;
import io.dvdi.testing.RealMounts;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * What dvdcli writes, and how it ends, where nothing is different on purpose. Where the variable
 * DVDI_TEST_DVDCLI names the real program, that is run beside, and has to do the same.
 */
class SameWordsTest extends CommandLineFixture {
  private static final String REAL =
      System.getProperty("DVDI_TEST_DVDCLI", System.getenv().getOrDefault("DVDI_TEST_DVDCLI", ""));
  private static final Path RUN = Path.of("/run");

  private final List<StandInPlugin> plugins = new ArrayList<>();

  @BeforeEach
  void start() throws Exception {
    startPlugin(sockets);
    if (!REAL.isEmpty()) {
      // It looks nowhere else; the tests' JVM has a mount namespace of its own.
      RealMounts.run("mount", "-t", "tmpfs", "tmpfs", RUN.toString());
      startPlugin(Files.createDirectories(RUN.resolve("docker/plugins")));
    }
  }

  private void startPlugin(Path at) throws Exception {
    StandInPlugin plugin = new StandInPlugin(at.resolve("stand-in.sock"));
    plugin.volumes.addAll(List.of("data", "other data"));
    plugin.on("Remove", StandInPlugin.json(200, "{}"));
    plugin.on("Path", StandInPlugin.json(500, "{\"Err\":\"not mounted\"}"));
    plugins.add(plugin);
  }

  @AfterEach
  void stop() throws Exception {
    for (StandInPlugin plugin : plugins) {
      plugin.close();
    }
    if (!REAL.isEmpty()) {
      RealMounts.run("umount", RUN.toString());
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      nullValues = "-",
      value = {
        "list                                | 0 | data,other data | -",
        "get --volumename=data               | 0 | data            | -",
        "get --volumename=none               | 1 | -               | level=error"
            + " msg=\"VolumeDriver.Get: volume not found\" volumeName=none ",
        "path --volumename=data              | 0 | -               | -",
        "path --volumename=none              | 1 | -               | level=error"
            + " msg=\"VolumeDriver.Get: volume not found\" volumeName=none ",
        "create --volumename=new             | 0 | -               | level=info msg=new ",
        "create --volumename=n_w             | 0 | -               | level=info msg=\"n_w\" ",
        "mount --volumename=data             | 0 | /mnt/data       | level=info msg=\"/mnt/data\" ",
        "mount --volumename=n --volumeopts=size=5,iops=150 --volumeopts type=a | 0 | /mnt/n |"
            + " level=info msg=\"/mnt/n\" ",
        "mount --explicitcreate --volumename=data       | 0 | /mnt/data | level=info"
            + " msg=\"/mnt/data\" ",
        "mount --explicitcreate=true --volumename=none  | 1 | -    | level=error"
            + " msg=\"VolumeDriver.Get: volume not found\" volumeName=none ",
        "unmount --volumename=data           | 0 | -               | -",
        "unmount --volumename=none           | 1 | -               | level=error"
            + " msg=\"VolumeDriver.Get: volume not found\" volumeName=none ",
        "remove --volumename=data            | 0 | -               | -",
        "remove --volumename=none            | 1 | -               | level=error"
            + " msg=\"VolumeDriver.Get: volume not found\" volumeName=none ",
        "mount --volumedriver= --volumename=data | 1 | -           | level=info msg=\"Missing"
            + " volume driver name\" volumeDriver= ",
      })
  void asDvdcliDoes(String line, int status, String printed, String logged) throws Exception {
    List<String> words = new ArrayList<>(List.of(line.strip().split(" +", -1)));
    words.add(1, "--volumedriver=stand-in");
    String expectedOut = printed == null ? "" : printed.replace(',', '\n') + "\n";
    String expectedErr = logged == null ? "" : logged + " \n";

    assertEquals(status, run(words.toArray(String[]::new)), err);
    assertEquals(expectedOut, out);
    assertEquals(expectedErr, err);
    if (!REAL.isEmpty()) {
      words.addFirst(REAL);
      Process process = new ProcessBuilder(words).start();
      String realOut = new String(process.getInputStream().readAllBytes(), UTF_8);
      String realErr = new String(process.getErrorStream().readAllBytes(), UTF_8);
      assertEquals(status, process.waitFor(), realErr);
      assertEquals(expectedOut, realOut);
      assertEquals(expectedErr, withoutTime(realErr));
      // What it asked the plugin for, too, that has an effect.
      assertEquals(effects(plugins.get(1)), effects(plugins.get(0)));
    }
  }

  private static List<String> effects(StandInPlugin plugin) {
    return plugin.methods().stream()
        .filter(method -> List.of("Create", "Remove", "Mount", "Unmount").contains(method))
        .map(method -> method + " " + withoutId(plugin.last(method)))
        .toList();
  }

  private static String withoutId(StandInPlugin.Request request) {
    return request.body().path("Name") + " " + request.body().path("Opts").size();
  }
}
