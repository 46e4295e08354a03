// SPDX-License-Identifier: Apache-2.0
package io.dvdi.driver.plugin;

import static io.dvdi.driver.plugin.StandInPlugin.chunked;
import static io.dvdi.driver.plugin.StandInPlugin.json;
import static io.dvdi.driver.plugin.StandInPlugin.reply;
import static io.dvdi.driver.plugin.StandInPlugin.untilClose;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.dvdi.lifecycle.Told;
import io.dvdi.lifecycle.VolumeEvent.Succeeded;
import io.dvdi.volume.Options;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What real plugins do, and differ in. */
class PluginHabitsTest extends PluginFixture {
  /** As some plugins answer everything: all fields that an answer can have. */
  private static final String EMPTY_STRUCT =
      "{\"Mountpoint\":\"\",\"Err\":\"\",\"Volumes\":null,\"Volume\":null,\"Capabilities\":{\"Scope\":\"\"}}";

  @Test
  void aNewVolumeIsCreatedWithItsOptionsAndMountedWithTheMountId() {
    assertEquals(mountedAt("/mnt/data"), use(Map.of("size", "5", "fs", "xfs")));

    assertEquals(List.of("Plugin.Activate", "Get", "List", "Create", "Mount"), plugin.methods());
    assertEquals("5", plugin.last("Create").body().path("Opts").path("size").asText());
    assertEquals("{\"Name\":\"data\",\"ID\":\"id-1\"}", plugin.last("Mount").text());
    assertTrue(log.toString().contains("has created it"), log::toString);
    assertFalse(log.toString().contains("xfs"), log::toString);
  }

  @Test
  void anExistingVolumeIsOnlyMounted() {
    plugin.volumes.add("data");

    assertEquals(mountedAt("/mnt/data"), use(Map.of("size", "5")));

    assertEquals(List.of("Plugin.Activate", "Get", "Mount"), plugin.methods());
  }

  @Test
  void requestsAreThoseOfDocker() {
    assertEquals(mountedAt("/mnt/data"), use(Map.of()));

    for (StandInPlugin.Request request : plugin.requests) {
      String head = request.head().toLowerCase(java.util.Locale.ROOT);
      assertTrue(head.startsWith("post /") && head.contains(" http/1.1\r\n"), head);
      assertTrue(head.contains("\r\nhost: localhost\r\n"), head);
      assertTrue(head.contains("\r\naccept: application/vnd.docker.plugins.v1.2+json\r\n"), head);
      assertFalse(head.contains("content-type"), head);
      assertTrue(request.body().isObject(), request.text());
    }
    assertEquals("{}", plugin.last("Plugin.Activate").text());
    assertEquals("{}", plugin.last("List").text());
  }

  @Test
  void unmountSendsTheMountId() {
    assertEquals(new Succeeded(), unmount());

    assertEquals("{\"Name\":\"data\",\"ID\":\"id-1\"}", plugin.last("Unmount").text());
  }

  @ParameterizedTest
  @ValueSource(ints = {200, 201, 400, 404, 500})
  void errAtAnyStatusIsAnError(int status) {
    plugin.on("Mount", json(status, "{\"Mountpoint\":\"\",\"Err\":\"disk is\\nburning\"}"));

    assertEquals(
        "its plugin at %s answered Mount with: disk is burning".formatted(socket()),
        failed(mount()));
    assertEquals(List.of("Mount"), plugin.methods());
  }

  @Test
  void anErrorMayHaveAllOtherFieldsEmpty() {
    plugin.on("Mount", json(500, EMPTY_STRUCT.replace("\"Err\":\"\"", "\"Err\":\"no lease\"")));

    assertTrue(failed(mount()).endsWith("answered Mount with: no lease"));
  }

  @Test
  void aSuccessMayHaveAllFieldsEmpty() {
    plugin
        .on("Get", json(200, EMPTY_STRUCT))
        .on("List", json(200, EMPTY_STRUCT))
        .on("Create", json(200, EMPTY_STRUCT))
        .on("Unmount", json(200, EMPTY_STRUCT));

    assertEquals(mountedAt("/mnt/data"), use(Map.of()));
    assertEquals(new Succeeded(), unmount());
    assertEquals(1, plugin.count("Create"));
  }

  @Test
  void onlyWhatThisMountAnsweredIsTrusted() {
    plugin
        .on(
            "Get",
            json(200, "{\"Volume\":{\"Name\":\"data\",\"Mountpoint\":\"/srv/of-a-former-mount\"}}"))
        .on("Path", json(200, "{\"Mountpoint\":\"/srv/of-a-former-mount\"}"));

    assertEquals(mountedAt("/mnt/data"), use(Map.of()));
    // Optional ones are not even asked for.
    assertEquals(List.of("Plugin.Activate", "Get", "Mount"), plugin.methods());
  }

  @Test
  void anErrorWithoutJsonIsShownAsItIs() {
    plugin.on("Mount", reply(404, "text/plain", "404 page not found\n"));

    assertTrue(failed(mount()).contains("HTTP status 404, 404 page not found"));
  }

  @Test
  void anErrorWithoutAWordIsShownByItsStatus() {
    plugin.on("Mount", reply(503, "text/plain", ""));

    assertTrue(failed(mount()).contains("HTTP status 503 and nothing else"));
  }

  @Test
  void anErrThatIsNoTextIsAnError() {
    plugin.on("Mount", json(200, "{\"Err\":{\"code\":7}}"));

    assertTrue(failed(mount()).contains("{\"code\":7}"));
  }

  @Test
  void unmountErrorsArePassedOn() {
    plugin.on("Unmount", json(500, "{\"Err\":\"device is busy\"}"));

    assertTrue(failed(unmount()).endsWith("answered Unmount with: device is busy"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"text/plain; charset=utf-8", "application/octet-stream", "nonsense", ""})
  void anyContentTypeIsRead(String type) {
    plugin.on("Mount", reply(200, type, "{\"Mountpoint\":\"/mnt/data\"}"));

    assertEquals(mountedAt("/mnt/data"), use(Map.of()));
  }

  @Test
  void repliesMayBeChunked() {
    plugin
        .on("Get", chunked("{\"Volume\":{\"Name\":\"data\",\"Status\":null}}"))
        .on("Mount", chunked("{\"Mountpoint\":\"/mnt/data\",\"Err\":\"\"}"));

    assertEquals(mountedAt("/mnt/data"), use(Map.of()));
    assertFalse(plugin.methods().contains("Create"));
  }

  @Test
  void repliesMayEndWithTheConnection() {
    plugin.on("Mount", untilClose("{\"Mountpoint\":\"/mnt/data\"}"));

    assertEquals(mountedAt("/mnt/data"), use(Map.of()));
  }

  @Test
  void aReplyMayComeAfterAnInterimOne() {
    plugin.on(
        "Mount",
        (request, out) -> {
          out.write(
              "HTTP/1.1 102 Processing\r\n\r\n"
                  .getBytes(java.nio.charset.StandardCharsets.US_ASCII));
          out.write(json(200, "{\"Mountpoint\":\"/mnt/data\"}"));
        });

    assertEquals(mountedAt("/mnt/data"), use(Map.of()));
  }

  @Test
  void keysAreReadInAnyCase() {
    plugin
        .on("Plugin.Activate", json(200, "{\"IMPLEMENTS\":[\"VolumeDriver\"]}"))
        .on("List", json(200, "{\"volumes\":[{\"NAME\":\"data\"}]}"))
        .on("Mount", json(200, "{\"MOUNTPOINT\":\"/mnt/data\",\"err\":null}"));

    assertEquals(mountedAt("/mnt/data"), use(Map.of()));
    assertFalse(plugin.methods().contains("Create"));
  }

  @Test
  void errIsReadInAnyCase() {
    plugin.on("Mount", json(200, "{\"ERR\":\"no\"}"));

    assertTrue(failed(mount()).endsWith("answered Mount with: no"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{\"Volumes\":[]}",
        "{\"Volumes\":null}",
        "{}",
        "{\"Err\":\"\"}",
        "{\"Volumes\":[{\"Name\":\"other\"}]}",
        "{\"Volumes\":[{\"Status\":{\"Name\":\"data\"},\"Labels\":[\"data\"],\"Name\":\"other\"}]}",
        "{\"Status\":{\"Volumes\":[{\"Name\":\"data\"}]},\"Volumes\":[]}"
      })
  void anEmptyListMayBeNullOrAbsent(String list) {
    plugin.on("List", json(200, list));

    assertEquals(mountedAt("/mnt/data"), use(Map.of()));

    assertTrue(plugin.methods().contains("Create"));
  }

  @Test
  void getWithNullVolumeIsNoVolume() {
    plugin.on("Get", json(200, "{\"Volume\":null}"));

    assertEquals(mountedAt("/mnt/data"), use(Map.of()));

    assertTrue(plugin.methods().contains("Create"));
  }

  @Test
  void getAndListAreOptional() {
    plugin
        .on("Get", reply(404, "text/plain", "404 page not found"))
        .on("List", reply(404, "text/plain", "404 page not found"));

    assertEquals(mountedAt("/mnt/data"), use(Map.of()));

    assertEquals(List.of("Plugin.Activate", "Get", "List", "Mount"), plugin.methods());
  }

  @ParameterizedTest
  @ValueSource(strings = {"{}", "{\"Implements\":null}", "{\"Implements\":[\"NetworkDriver\"]}"})
  void aPluginThatIsNoVolumeDriverHasNotAnswered(String activation) {
    plugin.on("Plugin.Activate", json(200, activation));

    Told told = ask();

    assertFalse(told.answered());
    assertTrue(told.words().contains("is not a volume driver"), told.words());
    assertEquals(List.of("Plugin.Activate"), plugin.methods());
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "null", "[]", "true", "{\"Mountpoint\":", "<html>"})
  void aSuccessThatCannotBeReadIsNoAnswer(String body) {
    plugin
        .on("Create", json(200, body))
        .on("Mount", json(200, body))
        .on("Unmount", json(200, body));

    assertTrue(cutOff(mount()).contains("answered Mount with: HTTP status 200"));
    assertTrue(cutOff(unmount()).contains("answered Unmount with: HTTP status 200"));
    assertTrue(cutOff(driver.create(DATA, Options.NONE)).contains("answered Create with: HTTP"));
    assertEquals(1, plugin.count("Mount"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "null", "[]", "{\"Mountpoint\":", "<html>"})
  void anErrorThatCannotBeReadIsAnError(String body) {
    plugin.on("Mount", json(500, body));

    assertTrue(failed(mount()).contains("HTTP status 500"));
  }

  @Test
  void whatIsNotHttpIsNoAnswer() {
    plugin.on("Mount", "hello\r\n\r\n".getBytes(java.nio.charset.StandardCharsets.US_ASCII));

    assertTrue(cutOff(mount()).contains("did not answer VolumeDriver.Mount"));
  }

  @Test
  void aReplyHasALimit() {
    plugin.on(
        "Mount",
        (request, out) -> {
          out.write("HTTP/1.1 200 OK\r\n\r\n".getBytes(java.nio.charset.StandardCharsets.US_ASCII));
          byte[] megabyte = new byte[1 << 20];
          while (true) {
            out.write(megabyte);
          }
        });

    assertTrue(cutOff(mount()).contains("larger than 8 MiB"));
  }

  @Test
  void manyVolumesAreListed() {
    for (int i = 0; i < 5_000; i++) {
      plugin.volumes.add("volume-" + i);
    }

    assertEquals(mountedAt("/mnt/data"), use(Map.of()));

    assertTrue(plugin.methods().contains("Create"));
  }
}
