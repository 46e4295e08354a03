// SPDX-License-Identifier: Apache-2.0
package io.dvdi.cli.volume;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.dvdi.driver.plugin.StandInPlugin;
import java.io.ByteArrayOutputStream;
import java.io.OutputStream;
import java.io.PrintStream;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Command lines, help and output, where they differ from dvdcli's on purpose. */
class VolumeCommandLineTest extends StandInFixture {
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
              --timeout=2m: Deadline for the whole command, such as 90s or 5m
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
        err.startsWith("level=warning msg=\"Ignored arguments without a flag: false\" \n"), err);
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
