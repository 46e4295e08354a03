// SPDX-License-Identifier: Apache-2.0
package io.dvdi.driver.plugin;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.dvdi.lifecycle.Told;
import java.util.List;
import org.junit.jupiter.api.Test;

/** When a plugin is asked whether it serves volumes. */
class ActivationTest extends PluginFixture {
  @Test
  void aPluginIsAskedOnceForAllVolumesAndNotAgainByMount() {
    plugin.volumes.add("data");
    ask();
    mount();
    ask();
    mount();

    assertEquals(List.of("Plugin.Activate", "Get", "Mount", "Get", "Mount"), plugin.methods());
  }

  @Test
  void aPluginIsAskedBeforeEachUnmount() {
    ask();
    unmount();
    unmount();

    assertEquals(
        List.of("Plugin.Activate", "Unmount", "Plugin.Activate", "Unmount"),
        plugin.methods().subList(3, 7));
  }

  @Test
  void aPluginThatHangsIsNotToldToUnmount() {
    plugin.on("Plugin.Activate", plugin.hang()).on("Unmount", plugin.hang());

    assertTrue(notSent(unmount()).contains("did not answer Plugin.Activate: it took longer than"));
    assertEquals(0, plugin.count("Unmount"));
  }

  @Test
  void aPluginThatDoesNotServeVolumesIsNotToldToUnmount() {
    plugin.on("Plugin.Activate", StandInPlugin.json(500, "{\"Err\":\"starting up\"}"));

    assertTrue(notSent(unmount()).endsWith("answered Activate with: starting up"));
    assertEquals(0, plugin.count("Unmount"));
  }

  @Test
  void aPluginThatWasAwayIsAskedAgain() throws Exception {
    assertTrue(ask().answered());
    plugin.kill();
    Told away = ask();
    assertFalse(away.answered());
    assertTrue(away.words().contains("cannot be reached"), away.words());
    plugin.close();
    plugin = new StandInPlugin(socket());
    plugin.on("Plugin.Activate", StandInPlugin.json(200, "{\"Implements\":[\"NetworkDriver\"]}"));

    Told another = ask();

    assertFalse(another.answered());
    assertTrue(another.words().contains("is not a volume driver"), another.words());
  }

  @Test
  void aPluginThatDidNotAnswerIsAskedAgain() {
    ask();
    plugin.on("Mount", (request, out) -> {});
    cutOff(mount());
    ask();

    assertEquals(2, plugin.count("Plugin.Activate"));
  }
}
