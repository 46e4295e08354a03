// SPDX-License-Identifier: Apache-2.0
package io.dvdi.cli;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.io.TempDir;

/** The command line, and apps in files. */
abstract class AppCommandFixture {
  static final String VARIABLES =
      """
      {"id": "/shop/db", "cmd": "true", "env": {
        "DVDI_VOLUME_NAME": "pg", "DVDI_VOLUME_OPTS": "size=5,password=s3cret",
        "DVDI_VOLUME_NAME1": "lg", "DVDI_VOLUME_DRIVER1": "local", "DVDI_VOLUME_CONTAINERPATH1": "logs",
        "DVDI_VOLUME_EXPLICITCREATE1": "true"}}
      """;

  static final String CONTAINER =
      """
      {"id": "web", "cmd": "true", "container": {"type": "MESOS", "docker": {"image": "alpine"}, "volumes": [
        {"containerPath": "/data", "mode": "RW", "external": {"provider": "dvdi", "name": "w",
         "options": {"dvdi/driver": "pxd", "dvdi/token": "s3cret"}}}]}}
      """;

  static final String PLAIN = "{\"id\": \"plain\", \"cmd\": \"true\"}";

  /** The command that bin/dvdi run gives, without the apps. */
  static final String[] RUN = {"run", "--state-dir=/state", "--library=/lib.so"};

  @TempDir Path folder;

  String out = "";
  String err = "";

  int run(String... words) {
    ByteArrayOutputStream outBytes = new ByteArrayOutputStream();
    ByteArrayOutputStream errBytes = new ByteArrayOutputStream();
    int status =
        new CommandLine(
                new PrintStream(outBytes, false, UTF_8), new PrintStream(errBytes, true, UTF_8))
            .run(words);
    out = outBytes.toString(UTF_8);
    err = errBytes.toString(UTF_8);
    return status;
  }

  int run(String[] words, String... more) {
    return run(Stream.concat(Stream.of(words), Stream.of(more)).toArray(String[]::new));
  }

  String file(String name, String text) throws IOException {
    return Files.writeString(folder.resolve(name), text).toString();
  }

  static JsonNode tree(String text) throws IOException {
    return new ObjectMapper().readTree(text);
  }
}
