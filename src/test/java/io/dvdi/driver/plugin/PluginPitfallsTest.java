// SPDX-License-Identifier: Apache-2.0
package io.dvdi.driver.plugin;

import static io.dvdi.driver.plugin.StandInPlugin.json;
import static io.dvdi.driver.plugin.StandInPlugin.name;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.dvdi.driver.DriverException;
import io.dvdi.volume.Options;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
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

  private long count(String method) {
    return plugin.methods().stream().filter(method::equals).count();
  }

  @Test
  void createCanDestroyDataSoItIsNotCalledWhenGetFailsForAMoment() throws DriverException {
    reformattingCreate();
    plugin.volumes.add("data");
    plugin.on("Get", json(500, "{\"Err\":\"temporarily out of order\"}"));

    mount(Map.of("size", "5"));

    assertEquals(0, count("Create"));
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
  void createCanDestroyDataSoItIsNotCalledWithoutAWellFormedList(String list)
      throws DriverException {
    plugin.on("List", json(200, list));

    mount(Map.of("size", "5"));

    assertEquals(0, count("Create"));
  }

  @Test
  void createCanDestroyDataSoItIsNotCalledWhenListFails() throws DriverException {
    plugin.on("List", json(500, "{\"Volumes\":[]}"));

    mount(Map.of("size", "5"));

    assertEquals(0, count("Create"));
  }

  @Test
  void createCanDestroyDataSoItIsNotCalledWhenListBreaksOff() throws DriverException {
    plugin.on("List", (request, out) -> {});

    mount(Map.of("size", "5"));

    assertEquals(0, count("Create"));
  }

  @Test
  void createIsNotCalledForWhatMustExist() {
    DriverException e =
        assertThrows(
            DriverException.class, () -> driver.mount(asked(Map.of("size", "5"), true, LONG)));

    assertTrue(e.toString().contains("does not exist"), e.toString());
    assertEquals(List.of("Plugin.Activate", "Get", "List"), plugin.methods());
  }

  @Test
  void createIsNotSentAgainWhenItFails() {
    plugin.on("Create", json(500, "{\"Err\":\"quota exceeded\"}"));

    DriverException e = mountFails();

    assertTrue(e.toString().contains("answered Create with: quota exceeded"));
    assertEquals(1, count("Create"));
    assertEquals(0, count("Mount"));
    assertFalse(e.isUncertain());
  }

  @Test
  void createIsNotSentAgainWhenThePluginIsKilledDuringIt() {
    plugin.on("Create", (request, out) -> plugin.kill());

    assertTrue(mountFails().isUncertain());
    assertEquals(1, count("Create"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "mnt/data", "./data", "/mnt/../etc", "/mnt/\\u0000"})
  void anEmptyOrRelativeMountpointIsAFailureAndIsTakenBack(String mountpoint) {
    plugin.on("Mount", json(200, "{\"Mountpoint\":\"" + mountpoint + "\"}"));

    DriverException e = mountFails();

    assertTrue(e.toString().contains("where an absolute path belongs"), e.toString());
    assertEquals(
        List.of("Mount", "Unmount"),
        plugin.methods().subList(plugin.methods().size() - 2, plugin.methods().size()));
    assertEquals("{\"Name\":\"data\",\"ID\":\"id-1\"}", plugin.last("Unmount").text());
    assertFalse(e.isUncertain());
  }

  @Test
  void aMountpointThatCouldNotBeTakenBackStaysUncertain() {
    plugin.on("Mount", json(200, "{}")).on("Unmount", (request, out) -> plugin.kill());

    assertTrue(mountFails().isUncertain());
  }

  @Test
  void errBesideAMountpointIsAFailureAndIsTakenBack() {
    plugin.on("Mount", json(200, "{\"Mountpoint\":\"/mnt/data\",\"Err\":\"lease lost\"}"));

    assertTrue(mountFails().toString().contains("lease lost"));
    assertEquals(1, count("Unmount"));
  }

  @Test
  void mountIsNotSentAgainWhenThePluginIsKilledBeforeItAnswers() {
    plugin.volumes.add("data");
    plugin.on("Mount", (request, out) -> plugin.kill());

    DriverException e = mountFails();

    assertTrue(e.isUncertain());
    assertTrue(e.toString().contains("did not answer VolumeDriver.Mount"), e.toString());
    assertEquals(1, count("Mount"));
  }

  @Test
  void aPluginKilledAfterHalfAnAnswerLeavesTheMountUncertain() {
    byte[] reply = json(200, "{\"Mountpoint\":\"/mnt/data\"}");
    plugin.on(
        "Mount",
        (request, out) -> {
          out.write(reply, 0, reply.length - 5);
          plugin.kill();
        });

    assertTrue(mountFails().isUncertain());
  }

  @Test
  void anUnmountWithoutAnAnswerIsUncertain() {
    plugin.on("Unmount", (request, out) -> plugin.kill());

    assertTrue(
        assertThrows(DriverException.class, () -> driver.unmount(given(LONG))).isUncertain());
  }

  @Test
  void aTimeOutDoesNotCancelAndIsSaidToBeUncertain() throws Exception {
    CompletableFuture<String> late = new CompletableFuture<>();
    CountDownLatch gaveUp = new CountDownLatch(1);
    plugin.volumes.add("data");
    plugin.on(
        "Mount",
        (request, out) -> {
          gaveUp.await();
          late.complete(name(request));
          out.write(json(200, "{\"Mountpoint\":\"/mnt/data\"}"));
        });

    DriverException e =
        assertThrows(
            DriverException.class,
            () -> driver.mount(asked(Map.of(), false, Duration.ofSeconds(2))));
    gaveUp.countDown();

    assertTrue(e.isUncertain());
    assertTrue(e.toString().contains("longer than 2 s"), e.toString());
    assertEquals("data", late.get(60, TimeUnit.SECONDS));
  }

  @Test
  void aPluginThatIsRestartedIsFoundAgain() throws Exception {
    plugin.kill();
    driver = driver(LONG);
    CompletableFuture<Path> mounted =
        CompletableFuture.supplyAsync(
            () -> {
              try {
                return mount(Map.of()).path();
              } catch (DriverException e) {
                throw new IllegalStateException(e);
              }
            });
    Thread.sleep(200);
    plugin.close();
    Thread.sleep(200);
    plugin = new StandInPlugin(socket());

    assertEquals(Path.of("/mnt/data"), mounted.get(60, TimeUnit.SECONDS));
  }

  @Test
  void aStaleSocketIsSaidToBeOne() throws Exception {
    plugin.kill();

    DriverException e = mountFails();

    assertTrue(
        e.toString()
            .contains(
                socket()
                    + " cannot be reached: connect: ECONNREFUSED (Connection refused); is it"
                    + " running?"),
        e.toString());
    assertFalse(e.isUncertain());
  }

  @Test
  void aMissingPluginIsSaidToBeMissing() throws Exception {
    plugin.close();

    DriverException e = mountFails();

    assertTrue(
        e.toString().contains("there is no plugin 'stand-in' (looked for: sockets " + socket()),
        e.toString());
  }

  @Test
  void secretsInThePluginsOwnWordsAreMasked() {
    plugin.on(
        "Create", json(500, "{\"Err\":\"login as joe with hunter2-hunter2 failed, 5 tries\"}"));

    DriverException e =
        assertThrows(
            DriverException.class,
            () -> mount(Map.of("user", "joe", "password", "hunter2-hunter2", "size", "5")));

    assertTrue(e.toString().endsWith("login as *** with *** failed, *** tries"), e.toString());
  }

  @Test
  void secretsInTheWordsOfAnUnmountAreMasked() {
    plugin.on("Unmount", json(500, "{\"Err\":\"mount -o pass=hunter2-hunter2 is busy\"}"));

    DriverException e =
        assertThrows(
            DriverException.class,
            () -> driver.unmount(given(LONG, Options.of(Map.of("password", "hunter2-hunter2")))));

    assertTrue(e.toString().endsWith("mount -o pass=*** is busy"), e.toString());
  }

  @Test
  void aFloodOfWordsIsCut() {
    plugin.on("Mount", json(500, "{\"Err\":\"" + "x".repeat(100_000) + "\"}"));

    assertTrue(mountFails().toString().length() < 1_000);
  }
}
