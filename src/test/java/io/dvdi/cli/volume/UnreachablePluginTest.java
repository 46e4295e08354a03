// SPDX-License-Identifier: Apache-2.0
package io.dvdi.cli.volume;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.dvdi.driver.plugin.StandInPlugin;
import java.nio.file.Files;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Plugins that are not there, not yet there, or do not answer. */
class UnreachablePluginTest extends StandInFixture {
  @Test
  void aPluginThatNeverAnswersIsWaitedForAsLongAsIsSaid() {
    plugin.on("Mount", plugin.hang());

    assertEquals(1, onData("mount", "--timeout=300ms"));
    assertTrue(
        err.contains("did not answer VolumeDriver.Mount: it took longer than 300 ms; it may still"),
        err);
    plugin.on("Plugin.Activate", plugin.hang());
    assertEquals(1, onData("list", "--timeout=300ms"));
  }

  @Test
  void aPluginThatIsNotThereIsWaitedForAndSaid() {
    assertEquals(1, run("list", "--volumedriver=nosuchplugin"));
    List<String> lines = err.lines().toList();
    assertEquals(
        "level=warning msg=\"Unable to locate plugin: nosuchplugin, retrying for 0s\" ",
        lines.get(0));
    assertTrue(
        lines
            .get(1)
            .startsWith(
                "level=info msg=\"Error looking up volume plugin nosuchplugin: plugin not found"
                    + " (looked"),
        err);
    assertTrue(lines.get(1).endsWith(" volumeDriver=nosuchplugin "), err);
  }

  @Test
  void aPluginThatAppearsWhileItIsWaitedForIsUsed() throws Exception {
    plugin.close();
    Thread late =
        new Thread(
            () -> {
              try {
                Thread.sleep(100);
                plugin = new StandInPlugin(sockets.resolve("stand-in.sock"));
              } catch (Exception e) {
                throw new IllegalStateException(e);
              }
            });
    late.start();
    assertEquals(0, run("list", "--volumedriver=stand-in"), err);
    late.join();
  }

  @Test
  void aStaleSocketIsSaid() throws Exception {
    plugin.close();
    plugin = new StandInPlugin(sockets.resolve("stand-in.sock"));
    Files.move(sockets.resolve("stand-in.sock"), sockets.resolve("kept"));
    plugin.close();
    Files.move(sockets.resolve("kept"), sockets.resolve("stand-in.sock"));

    assertEquals(1, run("list", "--volumedriver=stand-in"));
    assertTrue(err.startsWith("level=warning msg=\"Unable to connect to plugin: "), err);
    assertTrue(err.contains("Connection refused"), err);
  }

  @Test
  void aPluginOfAnotherKindIsNamedAsSuch() {
    plugin.on("Plugin.Activate", StandInPlugin.json(200, "{\"Implements\":[\"NetworkDriver\"]}"));
    assertEquals(1, onData("list"));
    assertTrue(err.contains("is not a volume driver, it implements [\\\"NetworkDriver\\\"]"), err);
  }
}
