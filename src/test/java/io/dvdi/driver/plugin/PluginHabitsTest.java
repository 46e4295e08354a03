// SPDX-License-Identifier: Apache-2.0
package io.dvdi.driver.plugin;

import static io.dvdi.driver.plugin.StandInPlugin.chunked;
import static io.dvdi.driver.plugin.StandInPlugin.json;
import static io.dvdi.driver.plugin.StandInPlugin.reply;
import static io.dvdi.driver.plugin.StandInPlugin.untilClose;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.dvdi.driver.DriverException;
import java.nio.file.Path;
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
  void aNewVolumeIsCreatedWithItsOptionsAndMountedWithTheMountId() throws DriverException {
    Path path = mount(Map.of("size", "5", "fs", "xfs")).path();

    assertEquals(Path.of("/mnt/data"), path);
    assertEquals(List.of("Plugin.Activate", "Get", "List", "Create", "Mount"), plugin.methods());
    assertEquals("5", plugin.last("Create").body().path("Opts").path("size").asText());
    assertEquals("{\"Name\":\"data\",\"ID\":\"id-1\"}", plugin.last("Mount").text());
    assertTrue(log.toString().contains("has created it"), log::toString);
    assertFalse(log.toString().contains("xfs"), log::toString);
  }

  @Test
  void anExistingVolumeIsOnlyMounted() throws DriverException {
    plugin.volumes.add("data");

    mount(Map.of("size", "5"));

    assertEquals(List.of("Plugin.Activate", "Get", "Mount"), plugin.methods());
  }

  @Test
  void requestsAreThoseOfDocker() throws DriverException {
    mount(Map.of());

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
  void unmountSendsTheMountId() throws DriverException {
    driver.unmount(given(LONG));

    assertEquals("{\"Name\":\"data\",\"ID\":\"id-1\"}", plugin.last("Unmount").text());
  }

  @ParameterizedTest
  @ValueSource(ints = {200, 201, 400, 404, 500})
  void errAtAnyStatusIsAnError(int status) {
    plugin.on("Mount", json(status, "{\"Mountpoint\":\"\",\"Err\":\"disk is\\nburning\"}"));

    DriverException e = mountFails();

    assertEquals(
        "its plugin at %s answered Mount with: disk is burning".formatted(socket()),
        e.getMessage());
    assertFalse(e.isUncertain());
    assertEquals(1, plugin.methods().stream().filter("Mount"::equals).count());
  }

  @Test
  void anErrorMayHaveAllOtherFieldsEmpty() {
    plugin.on("Mount", json(500, EMPTY_STRUCT.replace("\"Err\":\"\"", "\"Err\":\"no lease\"")));

    assertTrue(mountFails().toString().endsWith("answered Mount with: no lease"));
    assertFalse(plugin.methods().contains("Unmount"));
  }

  @Test
  void aSuccessMayHaveAllFieldsEmpty() throws DriverException {
    plugin
        .on("Get", json(200, EMPTY_STRUCT))
        .on("List", json(200, EMPTY_STRUCT))
        .on("Create", json(200, EMPTY_STRUCT))
        .on("Unmount", json(200, EMPTY_STRUCT));

    assertEquals(Path.of("/mnt/data"), mount(Map.of()).path());
    driver.unmount(given(LONG));
    assertEquals(1, plugin.count("Create"));
  }

  @Test
  void onlyWhatThisMountAnsweredIsTrusted() throws DriverException {
    plugin
        .on(
            "Get",
            json(200, "{\"Volume\":{\"Name\":\"data\",\"Mountpoint\":\"/srv/of-a-former-mount\"}}"))
        .on("Path", json(200, "{\"Mountpoint\":\"/srv/of-a-former-mount\"}"));

    assertEquals(Path.of("/mnt/data"), mount(Map.of()).path());
    // Optional ones are not even asked for.
    assertEquals(List.of("Plugin.Activate", "Get", "Mount"), plugin.methods());
  }

  @Test
  void anErrorWithoutJsonIsShownAsItIs() {
    plugin.on("Mount", reply(404, "text/plain", "404 page not found\n"));

    assertTrue(mountFails().toString().contains("HTTP status 404, 404 page not found"));
  }

  @Test
  void anErrorWithoutAWordIsShownByItsStatus() {
    plugin.on("Plugin.Activate", reply(503, "text/plain", ""));

    assertTrue(mountFails().toString().contains("HTTP status 503 and nothing else"));
  }

  @Test
  void anErrThatIsNoTextIsAnError() {
    plugin.on("Mount", json(200, "{\"Err\":{\"code\":7}}"));

    assertTrue(mountFails().toString().contains("{\"code\":7}"));
  }

  @Test
  void unmountErrorsArePassedOn() {
    plugin.on("Unmount", json(500, "{\"Err\":\"device is busy\"}"));

    DriverException e = assertThrows(DriverException.class, () -> driver.unmount(given(LONG)));

    assertTrue(e.toString().contains("answered Unmount with: device is busy"));
    assertFalse(e.isUncertain());
  }

  @ParameterizedTest
  @ValueSource(strings = {"text/plain; charset=utf-8", "application/octet-stream", "nonsense", ""})
  void anyContentTypeIsRead(String type) throws DriverException {
    plugin.on("Mount", reply(200, type, "{\"Mountpoint\":\"/mnt/data\"}"));

    assertEquals(Path.of("/mnt/data"), mount(Map.of()).path());
  }

  @Test
  void repliesMayBeChunked() throws DriverException {
    plugin
        .on("Get", chunked("{\"Volume\":{\"Name\":\"data\",\"Status\":null}}"))
        .on("Mount", chunked("{\"Mountpoint\":\"/mnt/data\",\"Err\":\"\"}"));

    assertEquals(Path.of("/mnt/data"), mount(Map.of()).path());
    assertFalse(plugin.methods().contains("Create"));
  }

  @Test
  void repliesMayEndWithTheConnection() throws DriverException {
    plugin.on("Mount", untilClose("{\"Mountpoint\":\"/mnt/data\"}"));

    assertEquals(Path.of("/mnt/data"), mount(Map.of()).path());
  }

  @Test
  void aReplyMayComeAfterAnInterimOne() throws DriverException {
    plugin.on(
        "Mount",
        (request, out) -> {
          out.write(
              "HTTP/1.1 102 Processing\r\n\r\n"
                  .getBytes(java.nio.charset.StandardCharsets.US_ASCII));
          out.write(json(200, "{\"Mountpoint\":\"/mnt/data\"}"));
        });

    assertEquals(Path.of("/mnt/data"), mount(Map.of()).path());
  }

  @Test
  void keysAreReadInAnyCase() throws DriverException {
    plugin
        .on("Plugin.Activate", json(200, "{\"IMPLEMENTS\":[\"VolumeDriver\"]}"))
        .on("List", json(200, "{\"volumes\":[{\"NAME\":\"data\"}]}"))
        .on("Mount", json(200, "{\"MOUNTPOINT\":\"/mnt/data\",\"err\":null}"));

    assertEquals(Path.of("/mnt/data"), mount(Map.of()).path());
    assertFalse(plugin.methods().contains("Create"));
  }

  @Test
  void errIsReadInAnyCase() {
    plugin.on("Mount", json(200, "{\"ERR\":\"no\"}"));

    assertTrue(mountFails().toString().endsWith("answered Mount with: no"));
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
  void anEmptyListMayBeNullOrAbsent(String list) throws DriverException {
    plugin.on("List", json(200, list));

    mount(Map.of());

    assertTrue(plugin.methods().contains("Create"));
  }

  @Test
  void getWithNullVolumeIsNoVolume() throws DriverException {
    plugin.on("Get", json(200, "{\"Volume\":null}"));

    mount(Map.of());

    assertTrue(plugin.methods().contains("Create"));
  }

  @Test
  void getAndListAreOptional() throws DriverException {
    plugin
        .on("Get", reply(404, "text/plain", "404 page not found"))
        .on("List", reply(404, "text/plain", "404 page not found"));

    mount(Map.of());

    assertEquals(List.of("Plugin.Activate", "Get", "List", "Mount"), plugin.methods());
  }

  @Test
  void aFailedMountOfAVolumeThatMayNotExistSaysSo() {
    plugin
        .on("List", json(500, "{\"Err\":\"database is locked\"}"))
        .on("Mount", json(500, "{\"Err\":\"no such volume\"}"));

    String message = mountFails().toString();

    assertTrue(
        message.contains(
            "answered Mount with: no such volume; if it does not exist, create it by hand"),
        message);
    assertTrue(message.contains("answered List with: database is locked"), message);
  }

  @ParameterizedTest
  @ValueSource(strings = {"{}", "{\"Implements\":null}", "{\"Implements\":[\"NetworkDriver\"]}"})
  void aPluginThatIsNoVolumeDriverIsRefused(String activation) {
    plugin.on("Plugin.Activate", json(200, activation));

    assertTrue(mountFails().toString().contains("is no volume driver"));
    assertEquals(List.of("Plugin.Activate"), plugin.methods());
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "null", "[]", "true", "{\"Mountpoint\":", "<html>"})
  void anUnreadableReplyIsAnErrorAndIsTakenBack(String body) {
    plugin.on("Mount", json(200, body));

    DriverException e = mountFails();

    assertTrue(e.toString().contains("answered Mount with: HTTP status 200"), e.toString());
    assertEquals("Unmount", plugin.methods().getLast());
    assertFalse(e.isUncertain());
  }

  @Test
  void whatIsNotHttpIsNoAnswer() {
    plugin.on("Mount", "hello\r\n\r\n".getBytes(java.nio.charset.StandardCharsets.US_ASCII));

    assertTrue(mountFails().isUncertain());
  }

  @Test
  void aReplyHasALimit() {
    plugin.on(
        "Plugin.Activate",
        (request, out) -> {
          out.write("HTTP/1.1 200 OK\r\n\r\n".getBytes(java.nio.charset.StandardCharsets.US_ASCII));
          byte[] megabyte = new byte[1 << 20];
          while (true) {
            out.write(megabyte);
          }
        });

    assertTrue(mountFails().toString().contains("larger than 8 MiB"));
  }

  @Test
  void manyVolumesAreListed() throws DriverException {
    for (int i = 0; i < 5_000; i++) {
      plugin.volumes.add("volume-" + i);
    }

    mount(Map.of());

    assertTrue(plugin.methods().contains("Create"));
  }
}
