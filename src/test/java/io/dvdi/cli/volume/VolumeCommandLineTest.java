// SPDX-License-Identifier: Apache-2.0
package io.dvdi.cli.volume;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.dvdi.driver.plugin.StandInPlugin;
import java.io.ByteArrayOutputStream;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.file.Files;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Where it is not as dvdcli, on purpose. */
class VolumeCommandLineTest extends CommandLineFixture {
  private StandInPlugin plugin;

  @BeforeEach
  void start() throws Exception {
    plugin = new StandInPlugin(sockets.resolve("stand-in.sock"));
    plugin.volumes.add("data");
  }

  @AfterEach
  void stop() throws Exception {
    plugin.close();
  }

  private int onData(String command, String... flags) {
    List<String> words = new java.util.ArrayList<>();
    words.addAll(List.of(command, "--volumedriver=stand-in", "--volumename=data"));
    words.addAll(List.of(flags));
    return run(words.toArray(String[]::new));
  }

  private List<String> changes() {
    return plugin.methods().stream()
        .filter(method -> List.of("Create", "Remove", "Mount", "Unmount").contains(method))
        .toList();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"", "mount --bogus", "bogus", "help bogus", "mount --volumeopts=noequals"})
  void aWrongCommandLineIsAFailure(String line) {
    assertEquals(2, line.isEmpty() ? run() : run(line.split(" ", -1)));
    assertEquals("", out);
    assertTrue(line.isEmpty() || err.contains("\nError: ") || err.startsWith("Error: "), err);
  }

  @Test
  void usageIsThatOfTheCommand() {
    assertEquals(2, run("list", "--volumeopts=a=b"));
    assertEquals(
        """
        Usage:
          dvdcli list [flags]

        Global Flags:
          -h, --help[=false]: Help about a command
              --timeout=2m: How long all of it may take, such as 90s or 5m
              --volumedriver="": Volume driver
              --volumename="": Volume name

        Error: unknown flag: --volumeopts
        """,
        err);
  }

  @Test
  void helpIsNoErrorAndOnStandardOutput() {
    assertEquals(0, run("help", "mount"));
    String help = out;
    assertTrue(help.startsWith("Mount a volume\n\nUsage:\n  dvdcli mount [flags]\n"), help);
    assertEquals("", err);
    assertEquals(0, run("mount", "-h"));
    assertEquals(help, out);
    assertEquals(0, run("--help"));
    assertTrue(out.contains("  unmount     Unmount a volume\n"), out);
  }

  @Test
  void versionSaysWhoseWordsTheseAre() {
    assertEquals(0, run("version"));
    assertTrue(out.startsWith("Binary: dvdcli\nSemVer: 0.2.2+dvdi\nOsArch: Linux-"), out);
    assertEquals(6, out.lines().count());
  }

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
    assertEquals(1, onData("unmount", "--timeout=300ms"));
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
    assertTrue(err.contains("it is not known whether it exists: "), err);
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
    assertTrue(err.contains("where the absolute path of a mountpoint belongs"), err);
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

  @Test
  void aPluginThatNeverAnswersIsWaitedForAsLongAsIsSaid() {
    plugin.on("Mount", plugin.hang());

    assertEquals(1, onData("mount", "--timeout=300ms"));
    assertTrue(
        err.contains("did not answer VolumeDriver.Mount: it took longer than 300 ms; it may still"),
        err);
    plugin.on("Plugin.Activate", plugin.hang());
    assertEquals(1, onData("list", "--timeout=300ms"));
  }

  @Test
  void aPluginThatIsNotThereIsWaitedForAndSaid() {
    assertEquals(1, run("list", "--volumedriver=nosuchplugin"));
    List<String> lines = err.lines().toList();
    assertEquals(
        "level=warning msg=\"Unable to locate plugin: nosuchplugin, retrying for 0s\" ",
        lines.get(0));
    assertTrue(
        lines
            .get(1)
            .startsWith(
                "level=info msg=\"Error looking up volume plugin nosuchplugin: plugin not found"
                    + " (looked"),
        err);
    assertTrue(lines.get(1).endsWith(" volumeDriver=nosuchplugin "), err);
  }

  @Test
  void aPluginThatAppearsWhileItIsWaitedForIsUsed() throws Exception {
    plugin.close();
    Thread late =
        new Thread(
            () -> {
              try {
                Thread.sleep(100);
                plugin = new StandInPlugin(sockets.resolve("stand-in.sock"));
              } catch (Exception e) {
                throw new IllegalStateException(e);
              }
            });
    late.start();
    assertEquals(0, run("list", "--volumedriver=stand-in"), err);
    late.join();
  }

  @Test
  void aStaleSocketIsSaid() throws Exception {
    plugin.close();
    plugin = new StandInPlugin(sockets.resolve("stand-in.sock"));
    Files.move(sockets.resolve("stand-in.sock"), sockets.resolve("kept"));
    plugin.close();
    Files.move(sockets.resolve("kept"), sockets.resolve("stand-in.sock"));

    assertEquals(1, run("list", "--volumedriver=stand-in"));
    assertTrue(err.startsWith("level=warning msg=\"Unable to connect to plugin: "), err);
    assertTrue(err.contains("Connection refused"), err);
  }

  @Test
  void aPluginOfAnotherKindIsNamedAsSuch() {
    plugin.on("Plugin.Activate", StandInPlugin.json(200, "{\"Implements\":[\"NetworkDriver\"]}"));
    assertEquals(1, onData("list"));
    assertTrue(err.contains("is no volume driver, it implements [\\\"NetworkDriver\\\"]"), err);
  }

  @Test
  void theDriverLocalIsTheAgentsAlone() {
    assertEquals(1, run("mount", "--volumedriver=local", "--volumename=data"));
    assertEquals(1, err.lines().count(), err);
    assertTrue(err.contains("the driver local is built into the agent"), err);
  }

  @Test
  void aVolumeWithoutANameIsRefusedBeforeAnythingIsAsked() {
    assertEquals(1, run("unmount", "--volumedriver=stand-in"));
    assertEquals("level=error msg=\"Missing volume name\" volumeName= \n", err);
    assertEquals(1, run("get", "--volumedriver=../x", "--volumename=data"));
    assertTrue(err.contains("is not a driver's name"), err);
    assertEquals(List.of(), plugin.methods());
  }

  @Test
  void wordsThatMeanNothingAreSaid() {
    assertEquals(0, onData("mount", "--explicitcreate", "false"));
    assertTrue(
        err.startsWith("level=warning msg=\"Arguments without a flag mean nothing: false\" \n"),
        err);
  }

  @Test
  void valuesOfOptionsAreNotShown() {
    plugin.on("Mount", StandInPlugin.json(500, "{\"Err\":\"wrong password s3cret-word\"}"));
    assertEquals(1, onData("mount", "--volumeopts=password=s3cret-word"));
    assertTrue(err.contains("wrong password ***"), err);
  }

  @Test
  void outputThatCannotBeWrittenIsAnError() {
    PrintStream full =
        new PrintStream(
            new OutputStream() {
              @Override
              public void write(int b) throws java.io.IOException {
                throw new java.io.IOException("No space left on device");
              }
            },
            false,
            UTF_8);
    ByteArrayOutputStream errors = new ByteArrayOutputStream();
    int status =
        new VolumeCommandLine(
                "dvdcli", folders(), Duration.ZERO, full, new PrintStream(errors, true, UTF_8))
            .run("list", "--volumedriver=stand-in");
    assertEquals(1, status);
    assertTrue(errors.toString(UTF_8).contains("standard output cannot be written"));
  }
}
