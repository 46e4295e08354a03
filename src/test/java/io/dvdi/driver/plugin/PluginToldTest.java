// SPDX-License-Identifier: Apache-2.0
package io.dvdi.driver.plugin;

import static io.dvdi.driver.plugin.StandInPlugin.json;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.dvdi.driver.Deadline;
import io.dvdi.lifecycle.Told;
import io.dvdi.lifecycle.Told.Existence;
import io.dvdi.volume.Options;
import io.dvdi.volume.VolumeId;
import java.nio.file.Files;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a plugin tells of a volume. */
class PluginToldTest extends PluginFixture {
  private void got(String volume) {
    plugin.on("Get", json(200, "{\"Volume\":" + volume + "}"));
  }

  @Test
  void aVolumeThatGetHas() {
    got("{\"Name\":\"data\",\"Mountpoint\":\"/mnt/got\"}");

    assertEquals(
        new Told(
            Existence.EXISTS,
            Optional.of(DATA),
            Optional.of("/mnt/got"),
            false,
            Optional.empty(),
            ""),
        ask());
    assertEquals(List.of("Plugin.Activate", "Get"), plugin.methods());
  }

  @Test
  void aVolumeThatOnlyAListHas() {
    plugin.on("Get", json(404, "404 page not found"));
    plugin.volumes.addAll(List.of("other", "data"));

    assertEquals(
        new Told(Existence.EXISTS, Optional.empty(), Optional.empty(), false, Optional.empty(), ""),
        ask());
  }

  @Test
  void aVolumeThatAWholeListDoesNotHave() {
    plugin.volumes.add("other");

    assertEquals(
        new Told(Existence.ABSENT, Optional.empty(), Optional.empty(), false, Optional.empty(), ""),
        ask());
  }

  @ParameterizedTest
  @ValueSource(strings = {"\"\"", "null", "7", "\"mnt/data\"", "\"/mnt/../etc\""})
  void whatIsNoAbsolutePathIsNone(String mountpoint) {
    got("{\"Name\":\"data\",\"Mountpoint\":" + mountpoint + "}");

    assertEquals(Optional.empty(), ask().path());
  }

  @Test
  void aPathInThePluginsContainerIsToldAsTheHostSeesIt() throws Exception {
    String id = "0123456789abcdef".repeat(4);
    Files.createDirectories(folders.managed().resolve(id));
    Files.writeString(
        folders.managed().resolve(id).resolve("config.json"),
        "{\"plugin\":{\"Name\":\"managed:latest\",\"Config\":{\"Interface\":{\"Socket\":\"p.sock\"},"
            + "\"PropagatedMount\":\"/data\"}}}");
    Files.createDirectories(folders.sockets().resolve(id));
    VolumeId volume = new VolumeId("managed", "data");
    try (StandInPlugin managed =
        StandInPlugin.at(folders.sockets().resolve(id).resolve("p.sock"), folder.resolve("s"))) {
      managed
          .on("Get", json(200, "{\"Volume\":{\"Mountpoint\":\"/data/data\"}}"))
          .on("Mount", json(200, "{\"Mountpoint\":\"/data/data\"}"));

      Told told = driver.ask(volume, Options.NONE, Deadline.after(LONG));

      String host = folders.managed().resolve(id).resolve("propagated-mount/data").toString();
      assertEquals(Optional.of(host), told.path(), told::toString);
      assertEquals(mountedAt(host), driver.mount(volume, Options.NONE, "id-1"));
    }
  }

  @Test
  void mountIdsInTheStatusAreTheAccount() {
    got("{\"Name\":\"data\",\"Status\":{\"Mounts\":[\"\",\"id-1\"]}}");

    Told told = ask();

    assertTrue(told.keepsAccount());
    assertEquals(Optional.of(Set.of("", "id-1")), told.account());
  }

  @Test
  void anEmptyAccountIsOneToo() {
    got("{\"Name\":\"data\",\"Status\":{\"Mounts\":[]}}");

    Told told = ask();

    assertTrue(told.keepsAccount());
    assertEquals(Optional.of(Set.of()), told.account());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "null",
        "\"mounted\"",
        "{}",
        "{\"Mounts\":null}",
        "{\"Mounts\":2}",
        "{\"Mounts\":\"id-1\"}",
        "{\"Mounts\":[\"id-1\",2]}",
        "{\"Mounts\":[{\"ID\":\"id-1\"}]}"
      })
  void anotherStatusIsNoAccount(String status) {
    got("{\"Name\":\"data\",\"Status\":" + status + "}");

    Told told = ask();

    assertTrue(told.answered());
    assertFalse(told.keepsAccount());
    assertEquals(Optional.empty(), told.account());
  }

  @Test
  void thatAPluginKeepsAnAccountIsRememberedForAllOfItsVolumesAndNoOtherPlugins() throws Exception {
    got("{\"Name\":\"data\",\"Status\":{\"Mounts\":[]}}");
    assertTrue(ask().keepsAccount());

    plugin.on("Get", json(500, "{\"Err\":\"volume not found\"}"));
    Told absent = ask();
    assertEquals(Existence.ABSENT, absent.existence());
    assertTrue(absent.keepsAccount());
    assertEquals(Optional.empty(), absent.account());

    plugin.on("List", json(500, "{\"Err\":\"out of order\"}"));
    assertTrue(ask().keepsAccount());
    try (StandInPlugin other = new StandInPlugin(folders.sockets().resolve("other.sock"))) {
      other.volumes.add("data");
      VolumeId others = new VolumeId("other", "data");
      assertFalse(driver.ask(others, Options.NONE, Deadline.after(LONG)).keepsAccount());
    }
    plugin.close();
    Told unanswered = ask();
    assertFalse(unanswered.answered());
    assertTrue(unanswered.keepsAccount());
  }
}
