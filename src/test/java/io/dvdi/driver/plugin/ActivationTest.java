// SPDX-License-Identifier: Apache-2.0
package io.dvdi.driver.plugin;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.dvdi.driver.DriverException;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** When a plugin is asked whether it serves volumes. */
class ActivationTest extends PluginFixture {
  @Test
  void aPluginIsAskedOnceForAllMounts() throws Exception {
    mount(Map.of());
    mount(Map.of());

    assertEquals(1, plugin.count("Plugin.Activate"));
    assertEquals(2, plugin.count("Mount"));
  }

  @Test
  void aPluginThatHangsIsNotToldToUnmount() throws Exception {
    mount(Map.of());
    plugin.on("Plugin.Activate", plugin.hang()).on("Unmount", plugin.hang());

    DriverException failure =
        assertThrows(DriverException.class, () -> driver.unmount(given(Duration.ofMillis(300))));

    assertFalse(failure.isUncertain());
    assertEquals(0, plugin.count("Unmount"));
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
