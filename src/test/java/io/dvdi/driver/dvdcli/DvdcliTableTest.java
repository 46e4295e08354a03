// SPDX-License-Identifier: Apache-2.0
package io.dvdi.driver.dvdcli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.dvdi.lifecycle.Told;
import io.dvdi.lifecycle.VolumeEvent.Succeeded;
import io.dvdi.testing.Eventually;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * What the real program writes and how it ends, whatever stands in for it: an exit status of 0
 * means little. Where the real one is installed this runs it, and so shows that the script still
 * does as it does.
 */
class DvdcliTableTest extends DvdcliFixture {
  private static final String PLUGIN = "--volumedriver=stand-in";
  private static final String VOLUME = "--volumename=data";

  @TempDir Path folder;
  private Dvdcli dvdcli;

  private record Ended(int status, String output, String error) {}

  @BeforeEach
  void start() throws Exception {
    dvdcli = Dvdcli.in(folder);
    drive(dvdcli.program());
  }

  @AfterEach
  void stop() throws Exception {
    dvdcli.close();
  }

  private Ended run(String... arguments) throws Exception {
    List<String> command = new ArrayList<>(List.of(dvdcli.program().toString()));
    command.addAll(List.of(arguments));
    Path error = folder.resolve("stderr");
    Process process = new ProcessBuilder(command).redirectError(error.toFile()).start();
    process.getOutputStream().close();
    String output = new String(process.getInputStream().readAllBytes(), UTF_8);
    return new Ended(process.waitFor(), output, java.nio.file.Files.readString(error));
  }

  private static void ends(Ended ended, int status, String output, String... lines) {
    assertEquals(output, ended.output(), ended::toString);
    assertEquals(status, ended.status(), ended::toString);
    for (String line : lines) {
      assertTrue(
          Pattern.compile("(?m)^" + line + " *$").matcher(ended.error()).find(),
          () -> "no line '" + line + "' in " + ended);
    }
    if (lines.length == 0) {
      assertEquals("", ended.error());
    }
  }

  private static String said(String level, String text) {
    return "time=\"[^\"]+\" level=" + level + " msg=" + text;
  }

  @Test
  void mountSaysTheMountpointOnBothOutputs() throws Exception {
    dvdcli.has("data");

    ends(run("mount", PLUGIN, VOLUME), 0, "/mnt/data\n", said("info", "\"/mnt/data\""));
  }

  @Test
  void anEmptyMountpointIsAnEmptyLineAndStatusZero() throws Exception {
    dvdcli.has("data");
    dvdcli.mountsAt("");

    Ended ended = run("mount", PLUGIN, VOLUME);

    assertEquals(0, ended.status());
    assertEquals("\n", ended.output());
  }

  @Test
  void pathGetAndListSayNames() throws Exception {
    dvdcli.has("data");

    ends(run("path", PLUGIN, VOLUME), 0, "/mnt/data\n", said("info", "\"/mnt/data\""));
    ends(run("get", PLUGIN, VOLUME), 0, "data\n");
    ends(run("list", PLUGIN), 0, "data\n");
  }

  @Test
  void pathOfAVolumeWithoutMountpointIsNothingAndStatusZero() throws Exception {
    dvdcli.has("data");
    dvdcli.mountsAt("");

    ends(run("path", PLUGIN, VOLUME), 0, "");
  }

  @Test
  void createSaysTheNameAndUnmountNothing() throws Exception {
    ends(run("create", PLUGIN, VOLUME, "--volumeopts=size=5"), 0, "", said("info", "data"));
    ends(run("unmount", PLUGIN, VOLUME), 0, "");
    assertEquals(List.of("Create", "Unmount"), dvdcli.changes());
  }

  @Test
  void anUnknownFlagEndsWithStatusZeroAndUsage() throws Exception {
    dvdcli.has("data");

    ends(run("mount", "--bogus"), 0, "", "Usage:", "Error: unknown flag: --bogus");
    ends(
        run("mount", PLUGIN, VOLUME, "--explicitCreate=true"),
        0,
        "",
        "Usage:",
        "Error: unknown flag: --explicitCreate");
    assertEquals(List.of(), dvdcli.changes());
  }

  @Test
  void anUnknownCommandAndNoneEndWithStatusZero() throws Exception {
    ends(run("bogus"), 0, "", "Error: unknown command \"bogus\" for \"dvdcli\"");
    ends(run(), 0, "", "Usage:", "  dvdcli \\[command]");
  }

  @Test
  void aMissingDriverNameIsStatusOne() throws Exception {
    ends(run("mount", VOLUME), 1, "", said("info", "\"Missing volume driver name\" volumeDriver="));
  }

  @Test
  void aPluginsErrorIsStatusOneInItsWords() throws Exception {
    dvdcli.has("data");
    dvdcli.mountFails("disk is burning");

    ends(
        run("mount", PLUGIN, VOLUME),
        1,
        "",
        said("error", "\"VolumeDriver.Mount: disk is burning\""));
  }

  @Test
  void anAbsentVolumeIsStatusOneWhereItIsNotCreated() throws Exception {
    String notFound = said("error", "\"VolumeDriver.Get: volume not found\" volumeName=data");

    ends(run("mount", PLUGIN, VOLUME, "--explicitcreate"), 1, "", notFound);
    for (String command : List.of("unmount", "path", "get", "remove")) {
      ends(run(command, PLUGIN, VOLUME), 1, "", notFound);
    }
    assertEquals(List.of(), dvdcli.changes());
  }

  @Test
  void aMissingPluginIsStatusOneAfterFourTries() throws Exception {
    dvdcli.pluginIsMissing();

    ends(
        run("list", PLUGIN),
        1,
        "",
        said("warning", "\"Unable to locate plugin: stand-in, retrying in 1s\""),
        said("warning", "\"Unable to locate plugin: stand-in, retrying in 8s\""),
        said(
            "info",
            "\"Error looking up volume plugin stand-in: plugin not found\" volumeDriver=stand-in"));
  }

  @Test
  void aMissingPluginChangesNothingAndIsToldInItsLastWords() throws Exception {
    dvdcli.pluginIsMissing();

    assertTrue(notSent(unmount()).contains("plugin not found"));
  }

  @Test
  void aStaleSocketIsStatusOneAfterFourTries() throws Exception {
    dvdcli.has("data");
    dvdcli.pluginIsDead();

    Ended ended = run("get", PLUGIN, VOLUME);

    assertEquals(1, ended.status());
    assertEquals(4, ended.error().split("Unable to connect to plugin: ", -1).length - 1);
    assertTrue(ended.error().contains("connect: connection refused"), ended.error());
    assertEquals("", ended.output());
  }

  @Test
  void aStaleSocketChangesNothingAndIsToldInItsLastWords() throws Exception {
    dvdcli.has("data");
    dvdcli.pluginIsDead();

    assertTrue(notSent(mount()).contains("connect: connection refused"));
  }

  @Test
  void aPluginThatDiesIsStatusOneAndMayHaveDoneIt() throws Exception {
    dvdcli.has("data");
    dvdcli.mountHangs();
    CompletableFuture<Ended> end =
        CompletableFuture.supplyAsync(
            () -> {
              try {
                return run("mount", PLUGIN, VOLUME);
              } catch (Exception e) {
                throw new CompletionException(e);
              }
            });
    Eventually.holds("Mount is sent", () -> dvdcli.changes().equals(List.of("Mount")));
    dvdcli.hangingEnds();

    Ended ended = end.get(60, TimeUnit.SECONDS);

    assertEquals(1, ended.status());
    assertTrue(ended.error().contains("sock:/VolumeDriver.Mount, retrying in 1s"), ended.error());
    assertTrue(
        Pattern.compile("level=error msg=\"Post .*/VolumeDriver.Mount")
            .matcher(ended.error())
            .find(),
        ended.error());
    assertEquals("", ended.output());
  }

  @Test
  void aPluginForOtherThingsIsStatusOne() throws Exception {
    dvdcli.has("data");
    dvdcli.pluginIsNoVolumeDriver();

    Ended ended = run("mount", PLUGIN, VOLUME);

    assertEquals(1, ended.status());
    assertTrue(
        ended.error().contains("Plugin does not implement the requested driver"), ended.error());
    assertTrue(notSent(mount()).contains("Plugin does not implement the requested driver"));
    assertEquals(List.of(), dvdcli.changes());
  }

  @Test
  void anOptionWithoutAValueIsAPanic() throws Exception {
    dvdcli.has("data");

    for (String options : List.of("--volumeopts=noequals", "--volumeopts=")) {
      Ended ended = run("mount", PLUGIN, VOLUME, options);
      assertEquals(2, ended.status(), ended::toString);
      assertTrue(
          ended.error().startsWith("panic: runtime error: index out of range [1] with length 1"),
          ended.error());
    }
    // The driver asks for nothing of that kind.
    assertEquals(List.of(), dvdcli.changes());
    assertEquals(new Succeeded(), create(Map.of("noequals", "")));
  }

  @Test
  void aJsonSpecIsAPanicAndTheDriverSaysSo() throws Exception {
    dvdcli.pluginHasJsonSpec();

    Ended ended = run("list", PLUGIN);

    assertEquals(2, ended.status(), ended::toString);
    assertTrue(
        ended.error().contains("invalid memory address or nil pointer dereference"), ended.error());
    Told told = ask();
    assertFalse(told.answered());
    assertTrue(told.words().contains("nil pointer dereference"), told.words());
  }

  @Test
  void theVersionIsOnStandardOutput() throws Exception {
    Ended ended = run("version");

    assertEquals(0, ended.status());
    assertTrue(ended.output().startsWith("Binary: " + dvdcli.program()), ended.output());
    assertTrue(ended.output().contains("\nSemVer:"), ended.output());
  }
}
