// SPDX-License-Identifier: Apache-2.0
package io.dvdi.driver.plugin;

import static io.dvdi.driver.plugin.StandInPlugin.json;
import static io.dvdi.driver.plugin.StandInPlugin.name;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.dvdi.lifecycle.Told;
import io.dvdi.lifecycle.Told.Existence;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Create can destroy data: it is sent once, and only if a volume is known to be absent. */
class PluginCreateTest extends PluginFixture {
  /** A plugin whose Create formats, on whatever is there. */
  private void reformattingCreate() {
    plugin.on(
        "Create",
        (request, out) -> {
          plugin.volumes.remove(name(request));
          plugin.volumes.add(name(request));
          out.write(json(200, "{}"));
        });
  }

  @Test
  void createCanDestroyDataSoItIsNotCalledWhenGetFailsForAMoment() {
    reformattingCreate();
    plugin.volumes.add("data");
    plugin.on("Get", json(500, "{\"Err\":\"temporarily out of order\"}"));

    assertEquals(mountedAt("/mnt/data"), use(Map.of("size", "5")));

    assertEquals(0, plugin.count("Create"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{\"Err\":\"out of order\"}",
        "{\"Volumes\":[{\"Name\":\"other\"}],\"Err\":\"incomplete\"}",
        "{\"Volumes\":\"none\"}",
        "{\"Volumes\":[{}]}",
        "{\"Volumes\":{\"Name\":\"data\"}}",
        "{\"Volumes\":[null]}",
        "{\"Volumes\":[{\"Name\":\"other\"},{\"Name\":null}]}",
        "{\"Volumes\":[{\"Name\":7}]}",
        "{\"Volumes\":[[{\"Name\":\"other\"}]]}",
        "{\"Volumes\":[{\"Name\":\"data\"},{}]}",
        "{\"Volumes\":[{\"Status\":{\"a\":[1]},\"NAME\":\"data\"}],\"Err\":null}",
        "{\"Volumes\":[\"other\"]}",
        "{\"Volumes\":[",
        "[]",
        ""
      })
  void createCanDestroyDataSoItIsNotCalledWithoutAWellFormedList(String list) {
    plugin.on("List", json(200, list));

    assertEquals(mountedAt("/mnt/data"), use(Map.of("size", "5")));

    assertEquals(0, plugin.count("Create"));
  }

  @Test
  void createCanDestroyDataSoItIsNotCalledWhenListFails() {
    plugin.on("List", json(500, "{\"Volumes\":[]}"));

    assertEquals(mountedAt("/mnt/data"), use(Map.of("size", "5")));

    assertEquals(0, plugin.count("Create"));
  }

  @Test
  void createCanDestroyDataSoItIsNotCalledWhenListBreaksOff() {
    plugin.on("List", (request, out) -> {});

    assertEquals(mountedAt("/mnt/data"), use(Map.of("size", "5")));

    assertEquals(0, plugin.count("Create"));
  }

  @Test
  void aVolumeOfWhichNothingIsKnownIsSaidToBeSo() {
    plugin
        .on("Get", json(500, "{\"Err\":\"out of order\"}"))
        .on("List", json(500, "{\"Err\":\"database is locked\"}"));

    Told told = ask();

    assertTrue(told.answered());
    assertEquals(Existence.UNKNOWN, told.existence());
    assertTrue(told.words().endsWith("answered List with: database is locked"), told.words());
  }

  @Test
  void aPluginThatBreaksOffWhateverItIsAskedHasNotAnswered() {
    plugin.on("Get", (request, out) -> {}).on("List", (request, out) -> {});

    Told told = ask();

    assertFalse(told.answered());
    assertTrue(told.words().contains("did not answer VolumeDriver.List"), told.words());
  }

  @Test
  void aGetThatBreaksOffSaysNothingAndTheListIsAsked() {
    plugin.volumes.add("data");
    plugin.on("Get", (request, out) -> {});

    assertEquals(
        new Told(Existence.EXISTS, Optional.empty(), Optional.empty(), false, Optional.empty(), ""),
        ask());
  }

  @Test
  void createIsNotSentAgainWhenItFails() {
    plugin.on("Create", json(500, "{\"Err\":\"quota exceeded\"}"));

    assertTrue(failed(use(Map.of())).endsWith("answered Create with: quota exceeded"));
    assertEquals(1, plugin.count("Create"));
    assertEquals(0, plugin.count("Mount"));
  }

  @Test
  void createIsNotSentAgainWhenThePluginIsKilledDuringIt() {
    plugin.on("Create", (request, out) -> plugin.kill());

    assertTrue(cutOff(use(Map.of())).contains("did not answer VolumeDriver.Create"));
    assertEquals(1, plugin.count("Create"));
  }
}
