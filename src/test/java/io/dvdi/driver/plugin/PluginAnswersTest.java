// SPDX-License-Identifier: Apache-2.0
package io.dvdi.driver.plugin;

import static io.dvdi.driver.plugin.StandInPlugin.json;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.dvdi.lifecycle.VolumeEvent.Succeeded;
import io.dvdi.volume.Options;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Answers to Mount and Unmount that are wrong, cut off, or never come. */
class PluginAnswersTest extends PluginFixture {
  @ParameterizedTest
  @ValueSource(strings = {"", "mnt/data", "./data", "/mnt/../etc", "/mnt/\\u0000", "/mnt/\\u001b"})
  void aSuccessWithoutAnAbsolutePathIsOneWithoutAPath(String mountpoint) {
    plugin.on("Mount", json(200, "{\"Mountpoint\":\"" + mountpoint + "\"}"));

    assertEquals(mountedAt(""), mount());
    assertTrue(log.toString().contains("which is not an absolute path"), log::toString);
    assertEquals(List.of("Mount"), plugin.methods());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "HTTP/1.1 0 OK",
        "HTTP/1.1 -200 OK",
        "HTTP/1.1 99 OK",
        "HTTP/1.1 1000 OK",
        "HTTP/1.1 4294967496 OK",
        "HTTP/1.1",
        "HTTP/-1.1 200 OK",
        "HTTP/1.-1 200 OK",
        "HTTP/9.9 200 OK",
        "HTTP/1.1 200 OK\r\nContent-Length: -1",
        "HTTP/1.1 200 OK\r\nContent-Length: x",
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: x",
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n-1\r\n",
        "HTTP/1.1 101 Switching Protocols",
        "HTTP/1.1 200 OK\r\n: x",
        "SSH-2.0-OpenSSH_9.2"
      })
  void anAnswerThatIsNoHttpIsNone(String head) {
    plugin.on("Mount", (head + "\r\n\r\n").getBytes(StandardCharsets.US_ASCII));

    assertTrue(cutOff(mount()).contains("did not answer VolumeDriver.Mount"));
  }

  @Test
  void aHeadThatIsTooLongIsNone() {
    plugin.on(
        "Mount",
        ("HTTP/1.1 200 OK\r\n" + ("X: " + "x".repeat(1_000) + "\r\n").repeat(60) + "\r\n")
            .getBytes(StandardCharsets.US_ASCII));

    assertTrue(cutOff(mount()).contains("a head that is too long"));
  }

  @Test
  void provisionalAnswersWithoutEndAreNone() {
    plugin.on(
        "Mount",
        (request, out) -> {
          while (true) {
            out.write("HTTP/1.1 100 Continue\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
          }
        });

    assertTrue(cutOff(mount()).contains("16 provisional answers"));
  }

  @Test
  void whatCannotBeSeenInThePluginsWordsIsReplaced() {
    plugin.on("Mount", json(500, "{\"Err\":\"\\u001b[2J\\u009b0m\\u2028a\\u202eb\\ud800c\"}"));

    assertTrue(failed(mount()).endsWith(" with: [2J 0m a?b?c"), failed(mount()));
  }

  @Test
  void errBesideAMountpointIsAFailure() {
    plugin.on("Mount", json(200, "{\"Mountpoint\":\"/mnt/data\",\"Err\":\"lease lost\"}"));

    assertTrue(failed(mount()).endsWith("lease lost"));
    assertEquals(List.of("Mount"), plugin.methods());
  }

  @Test
  void mountIsNotSentAgainWhenThePluginIsKilledBeforeItAnswers() {
    plugin.on("Mount", (request, out) -> plugin.kill());

    assertTrue(cutOff(mount()).contains("did not answer VolumeDriver.Mount"));
    assertEquals(1, plugin.count("Mount"));
  }

  @Test
  void aConnectionThatEndsInTheMiddleOfAnAnswerIsNoAnswer() {
    byte[] reply = json(200, "{\"Mountpoint\":\"/mnt/data\"}");
    for (int length : new int[] {1, 20, reply.length - 1}) {
      plugin.on("Mount", (request, out) -> out.write(reply, 0, length));

      assertTrue(cutOff(mount()).contains("did not answer VolumeDriver.Mount"));
    }
    assertEquals(3, plugin.count("Mount"));
  }

  @Test
  void aChunkedAnswerWithoutItsEndIsNoAnswer() {
    byte[] reply = StandInPlugin.chunked("{\"Mountpoint\":\"/mnt/data\"}");
    plugin.on("Mount", (request, out) -> out.write(reply, 0, reply.length - 5));

    cutOff(mount());
  }

  @Test
  void anAnswerUpToTheEndOfTheConnectionThatIsCutIsNoAnswer() {
    plugin.on("Mount", StandInPlugin.untilClose("{\"Mountpoint\":\"/mnt/da"));

    cutOff(mount());
  }

  @Test
  void aRefusalThatIsCutIsNoAnswer() {
    byte[] reply = json(500, "{\"Err\":\"disk is burning\"}");
    plugin.on("Unmount", (request, out) -> out.write(reply, 0, reply.length - 5));

    cutOff(unmount());
  }

  @Test
  void anUnmountWithoutAnAnswerIsNotSentAgain() {
    plugin.on("Unmount", (request, out) -> plugin.kill());

    cutOff(unmount());
    assertEquals(1, plugin.count("Unmount"));
  }

  @Test
  void whatAPredecessorHasMountedIsUnmountedWithoutAMountIdOrWithThatOfTheCommandLine() {
    plugin.on(
        "Unmount",
        (request, out) ->
            out.write(
                request.body().path("ID").asText().startsWith("dvdcli-")
                    ? json(200, "{}")
                    : json(500, "{\"Err\":\"not mounted by this id\"}")));

    assertEquals(new Succeeded(), driver.unmount(DATA, "", Optional.empty(), Options.NONE));
    assertEquals(2, plugin.count("Unmount"));
    failed(unmount());
    assertEquals(3, plugin.count("Unmount"));
  }

  @Test
  void whatAPredecessorHasMountedIsRefusedInTheWordsOfTheFirstTry() {
    plugin.on(
        "Unmount",
        (request, out) ->
            out.write(
                json(
                    500,
                    "{\"Err\":\"not mounted by '" + request.body().path("ID").asText() + "'\"}")));

    assertTrue(
        failed(driver.unmount(DATA, "", Optional.empty(), Options.NONE))
            .endsWith("not mounted by ''"));
  }

  @Test
  void secretsInThePluginsOwnWordsAreMasked() {
    Options options = Options.of(Map.of("user", "joe", "password", "hunter2-hunter2", "size", "5"));
    plugin
        .on("Create", json(500, "{\"Err\":\"login as joe with hunter2-hunter2 failed, 5 tries\"}"))
        .on("Mount", "HTTP/hunter2-hunter2 200\r\n\r\n".getBytes(StandardCharsets.US_ASCII))
        .on("Unmount", json(500, "{\"Err\":\"mount -o pass=hunter2-hunter2 is busy\"}"));

    assertTrue(
        failed(driver.create(DATA, options)).endsWith("login as *** with *** failed, *** tries"));
    String mount = cutOff(driver.mount(DATA, options, "id-1"));
    assertTrue(mount.contains("***") && !mount.contains("hunter2"), mount);
    assertTrue(failed(unmount(options)).endsWith("mount -o pass=*** is busy"));
  }

  @Test
  void aFloodOfWordsIsCut() {
    plugin.on("Mount", json(500, "{\"Err\":\"" + "x".repeat(100_000) + "\"}"));

    assertTrue(failed(mount()).length() < 1_000);
  }
}
