// SPDX-License-Identifier: Apache-2.0
package io.dvdi.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The apps in examples/ are good ones, and ask for what their README says. */
class ExamplesTest {
  private static String run(String... words) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    ByteArrayOutputStream err = new ByteArrayOutputStream();
    int status =
        new CommandLine(new PrintStream(out, false, UTF_8), new PrintStream(err, true, UTF_8))
            .run(words);
    assertEquals("", err.toString(UTF_8));
    assertEquals(0, status);
    return out.toString(UTF_8);
  }

  @ParameterizedTest
  @ValueSource(strings = {"run --state-dir=/s --library=/l.so", "plan"})
  void twoAppsShareAVolume(String command) {
    String apps = " examples/shared/writer.json examples/shared/reader.json";
    String said = run((command + apps).split(" ", -1));
    assertTrue(said.contains("letters"), said);
  }

  @ParameterizedTest
  @ValueSource(strings = {"examples/hello-play.json", "examples/marathon-1.3.json"})
  void oneVolumeIsAskedForInBothForms(String app) {
    String plan = run("plan", app);
    for (String part : new String[] {" test1234567890 ", " local ", " $MESOS_SANDBOX/test12345 "}) {
      assertTrue(plan.contains(part), plan);
    }
  }

  @Test
  void originalExampleKeepsItsNames() {
    String task = run("run", "--state-dir=/s", "--library=/l", "examples/hello-play.json");
    assertTrue(task.contains("\ntask=hello-play\n"), task);
    assertTrue(task.contains("\nvalue=size=1,newfstype=ext4,overwritefs=false\n"), task);
  }
}
