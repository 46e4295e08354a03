// SPDX-License-Identifier: Apache-2.0
package io.dvdi.cli.volume;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.dvdi.driver.plugin.StandInPlugin;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The calls that commands send to a plugin, where they differ from dvdcli's on purpose. */
class VolumeCommandsTest extends StandInFixture {
  @Test
  void mountAndUnmountHaveTheSameMountIdInWhateverProcess() {
    assertEquals(0, onData("mount"));
    assertEquals(0, onData("unmount"));

    String id = plugin.last("Mount").body().path("ID").asText();
    assertTrue(id.matches("dvdcli-[0-9a-f]{32}"), id);
    assertEquals(id, plugin.last("Unmount").body().path("ID").asText());
    plugin.volumes.add("other");
    assertEquals(0, run("mount", "--volumedriver=stand-in", "--volumename=other"));
    assertFalse(id.equals(plugin.last("Mount").body().path("ID").asText()));
  }

  @Test
  void whatTheRealDvdcliHasMountedIsUnmountedWithoutAMountId() {
    plugin.on(
        "Unmount",
        (request, reply) ->
            reply.write(
                request.body().path("ID").asText().isEmpty()
                    ? StandInPlugin.json(200, "{}")
                    : StandInPlugin.json(500, "{\"Err\":\"not mounted by this id\"}")));
    assertEquals(0, onData("unmount"), err);
    assertEquals(List.of("Unmount", "Unmount"), changes());
    assertEquals(1, onData("unmount", "--mountid=x"));
    assertTrue(err.contains("VolumeDriver.Unmount: not mounted by this id"), err);
    assertEquals(3, changes().size());
  }

  @Test
  void anUnmountThatWasNotAnsweredIsNotSentAgain() {
    plugin.on("Unmount", plugin.hang());
    assertEquals(1, onData("unmount", "--timeout=5s"));
    assertEquals(List.of("Unmount"), changes());
  }

  @Test
  void aMountIdCanBeGiven() {
    assertEquals(0, onData("unmount", "--mountid="));
    assertEquals("", plugin.last("Unmount").body().path("ID").asText("none"));
    assertEquals(0, onData("mount", "--mountid", "mine"));
    assertEquals("mine", plugin.last("Mount").body().path("ID").asText());
  }

  @Test
  void createCanDestroyDataSoAVolumeThatIsThereIsNotCreatedAgain() {
    assertEquals(1, onData("create"));
    assertEquals(
        "level=error msg=\"VolumeDriver.Create: volume already exists\" volumeName=data \n", err);
    assertEquals(List.of(), changes());
  }

  @Test
  void createIsNotCalledWhenGetFailsForAMoment() {
    plugin.on("Get", StandInPlugin.json(500, "{\"Err\":\"out of order\"}"));
    assertEquals(1, onData("create"));
    assertEquals(0, onData("mount", "--volumeopts=size=5"));
    assertEquals(List.of("Mount"), changes());
  }

  @Test
  void createIsNotCalledWhenItIsNotKnownWhetherTheVolumeIsThere() {
    plugin.on("Get", StandInPlugin.json(500, "{\"Err\":\"out of order\"}"));
    plugin.on("List", StandInPlugin.json(500, "{\"Err\":\"out of order, too\"}"));
    plugin.on("Mount", StandInPlugin.json(500, "{\"Err\":\"no data\"}"));

    assertEquals(1, onData("create"));
    assertTrue(err.contains("it is unknown whether it exists: "), err);
    assertEquals(1, onData("mount"));
    assertTrue(
        err.contains("VolumeDriver.Mount: no data; if the volume does not exist, create it"), err);
    assertEquals(List.of("Mount"), changes());
  }

  @Test
  void aPluginWithoutGetAndListMountsAndUnmountsAllTheSame() {
    plugin.on("Get", StandInPlugin.json(404, "404 page not found"));
    plugin.on("List", StandInPlugin.json(404, "404 page not found"));

    assertEquals(0, onData("mount", "--explicitcreate"));
    assertEquals("/mnt/data\n", out);
    assertEquals(0, onData("unmount"));
    assertEquals(List.of("Mount", "Unmount"), changes());
  }

  @ParameterizedTest
  @ValueSource(strings = {"{\"Mountpoint\":\"\"}", "{\"Mountpoint\":\"mnt/data\"}", "{}"})
  void aMountpointThatIsNoneIsAFailureAndIsNotTakenBack(String reply) {
    plugin.on("Mount", StandInPlugin.json(200, reply));

    assertEquals(1, onData("mount"));
    assertEquals("", out);
    assertTrue(err.contains("instead of the absolute path of a mountpoint"), err);
    assertEquals(List.of("Mount"), changes());
  }

  @Test
  void pathAsksBothWays() {
    plugin.on(
        "Get",
        StandInPlugin.json(200, "{\"Volume\":{\"Name\":\"data\",\"Mountpoint\":\"/mnt/got\"}}"));
    assertEquals(0, onData("path"));
    assertEquals("/mnt/got\n", out);
    plugin.on("Get", StandInPlugin.json(200, "{\"Volume\":{\"Name\":\"data\"}}"));
    plugin.on("Path", StandInPlugin.json(200, "{\"Mountpoint\":\"/mnt/path\"}"));
    assertEquals(0, onData("path"));
    assertEquals("/mnt/path\n", out);
  }
}
