// SPDX-License-Identifier: Apache-2.0
package io.dvdi.driver.plugin;

import static io.dvdi.driver.plugin.StandInPlugin.json;
import static io.dvdi.driver.plugin.StandInPlugin.name;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.dvdi.lifecycle.Told;
import io.dvdi.lifecycle.Told.Existence;
import io.dvdi.lifecycle.VolumeEvent.CallEnd;
import io.dvdi.lifecycle.VolumeEvent.Succeeded;
import io.dvdi.volume.Options;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What has cost people their data or their nights with real plugins. */
class PluginPitfallsTest extends PluginFixture {
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
        new Told(true, Existence.EXISTS, Optional.empty(), false, Optional.empty(), ""), ask());
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

  @ParameterizedTest
  @ValueSource(strings = {"", "mnt/data", "./data", "/mnt/../etc", "/mnt/\\u0000"})
  void aSuccessWithoutAnAbsolutePathIsOneWithoutAPath(String mountpoint) {
    plugin.on("Mount", json(200, "{\"Mountpoint\":\"" + mountpoint + "\"}"));

    assertEquals(mountedAt(""), mount());
    assertTrue(log.toString().contains("where an absolute path belongs"), log::toString);
    assertEquals(List.of("Mount"), plugin.methods());
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
  void aPluginThatIsRestartedIsFoundAgain() throws Exception {
    plugin.kill();
    driver = driver(LONG);
    CompletableFuture<CallEnd> mounted = CompletableFuture.supplyAsync(this::mount);
    Thread.sleep(200);
    plugin.close();
    Thread.sleep(200);
    plugin = new StandInPlugin(socket());

    assertEquals(mountedAt("/mnt/data"), mounted.get(10, TimeUnit.SECONDS));
  }

  @Test
  void aStaleSocketIsSaidToBeOneAndNothingIsSent() throws Exception {
    plugin.kill();
    String words =
        socket() + " cannot be reached: connect: ECONNREFUSED (Connection refused); is it running?";

    assertTrue(notSent(mount()).endsWith(words));
    assertTrue(notSent(driver.create(DATA, Options.NONE)).endsWith(words));
    assertTrue(notSent(unmount()).endsWith(words));
    Told told = ask();
    assertFalse(told.answered());
    assertTrue(told.words().endsWith(words), told.words());
  }

  @Test
  void aMissingPluginIsSaidToBeMissing() throws Exception {
    plugin.close();

    String words = notSent(mount());

    assertTrue(
        words.startsWith("there is no plugin 'stand-in' (looked for: sockets " + socket()), words);
  }

  @Test
  void aPluginThatIsDescribedWronglyIsNotWaitedFor() throws Exception {
    plugin.close();
    driver = driver(LONG);
    Files.createDirectories(folders.specs().get(0));
    Files.writeString(folders.specs().get(0).resolve("stand-in.spec"), "nonsense");
    long start = System.nanoTime();

    assertTrue(notSent(mount()).contains("stand-in.spec has the address 'nonsense'"));
    assertFalse(ask().answered());
    assertTrue(Duration.ofNanos(System.nanoTime() - start).compareTo(LONG) < 0);
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
