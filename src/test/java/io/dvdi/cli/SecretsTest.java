// SPDX-License-Identifier: Apache-2.0
package io.dvdi.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertFalse;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The value of an option or a variable may be a secret: no plan, warning or error has it. */
class SecretsTest {
  @TempDir Path folder;

  @ParameterizedTest
  @ValueSource(
      strings = {
        "'env': {'DVDI_VOLUME_NAME': 'v', 'DVDI_VOLUME_OPTS': 'p=s3cret'}",
        "'env': {'DVDI_VOLUME_NAME': 'v', 'DVDI_VOLUME_OPTS': 'p=s3cret,p=s3cret'}",
        "'env': {'DVDI_VOLUME_NAME': 'v', 'DVDI_VOLUME_OPTS': 'p=s3\\u0001cret'}",
        "'env': {'DVDI_VOLUME_OPTS': 'p=s3cret'}",
        "'env': {'P': 's3cret', 'DVDI_VOLUME_NAMES': 's3cret'}",
        "'env': {'P': ['s3cret']}",
        "'env': {'P': {'secret': 's3cret'}}",
        "'env': {'P': 's3cret\\u0000'}",
        "'container': 's3cret'",
        "OPTIONS {'dvdi/driver': 'd', 'dvdi/p': 's3cret'}",
        "OPTIONS {'dvdi/driver': 'd', 'dvdi/p': 's3cret\\u0001'}",
        "OPTIONS {'dvdi/driver': 'd', 'dvdi/p': 's3cret,x'}",
        "OPTIONS {'dvdi/driver': 'd', 'dvdi/p': ['s3cret']}",
        "OPTIONS {'dvdi/driver': 'd', 'other/p': 's3cret'}",
        "OPTIONS {'dvdi/driver': 'd', '/p': 's3cret'}",
        "OPTIONS {'dvdi/driver': 'rexray', 'dvdi/iops': 's3cret'}",
        "OPTIONS {'dvdi/driver': 'rexray', 'dvdi/volumetype': 's3cret_'}",
        "OPTIONS {'dvdi/driver': 'rexray', 'dvdi/overwritefs': 's3cret'}",
      })
  void valueIsShownNowhere(String field) throws IOException {
    String fields =
        field.startsWith("OPTIONS")
            ? "'container': {'type': 'MESOS', 'volumes': [{'containerPath': 'c', 'mode': 'RW',"
                + " 'external': {'provider': 'dvdi', 'name': 'v', 'options': "
                + field.substring("OPTIONS".length())
                + "}}]}"
            : field;
    Path file = folder.resolve("app.json");
    Files.writeString(file, ("{'id': 'a', 'cmd': 'true', " + fields + "}").replace('\'', '"'));
    for (String marathon : new String[] {"1.1", "1.3"}) {
      for (String form : new String[] {"--", "--json"}) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        PrintStream both = new PrintStream(bytes, true, UTF_8);
        int unused =
            new CommandLine(both, both).run("plan", "--marathon", marathon, form, file.toString());
        String said = bytes.toString(UTF_8);
        assertFalse(said.isEmpty());
        assertFalse(said.contains("s3"), said);
      }
    }
  }
}
