// SPDX-License-Identifier: Apache-2.0
package io.dvdi.driver.plugin;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Map;
import org.junit.jupiter.api.Test;

/** When a plugin is asked whether it serves volumes. */
class ActivationTest extends PluginFixture {
  @Test
  void aPluginIsAskedOnce() throws Exception {
    mount(Map.of());
    driver.unmount(given(LONG));
    mount(Map.of());

    assertEquals(1, plugin.count("Plugin.Activate"));
    assertEquals(2, plugin.count("Mount"));
  }

  @Test
  void aPluginThatWasAwayIsAskedAgain() throws Exception {
    mount(Map.of());
    plugin.kill();
    String failure = mountFails().toString();
    assertTrue(failure.contains("cannot be reached"), failure);
    plugin.close();
    plugin = new StandInPlugin(socket());
    plugin.on("Plugin.Activate", StandInPlugin.json(200, "{\"Implements\":[\"NetworkDriver\"]}"));

    failure = mountFails().toString();

    assertTrue(failure.contains("is no volume driver"), failure);
    assertEquals(0, plugin.count("Mount"));
  }

  @Test
  void aPluginThatDidNotAnswerIsAskedAgain() throws Exception {
    mount(Map.of());
    plugin.on("Mount", (request, out) -> {});
    mountFails();
    mountFails();

    assertEquals(2, plugin.count("Plugin.Activate"));
  }
}
