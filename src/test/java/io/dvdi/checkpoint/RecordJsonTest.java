// SPDX-License-Identifier: Apache-2.0
package io.dvdi.checkpoint;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.dvdi.checkpoint.VolumeRecord.State;
import io.dvdi.mount.MountIdentity;
import io.dvdi.volume.ContainerId;
import io.dvdi.volume.Options;
import io.dvdi.volume.VolumeId;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class RecordJsonTest {
  private static final String SECRET = "hunter2";

  private static final VolumeRecord FULL =
      new VolumeRecord(
          new VolumeId("rexray/ebs:latest", "größe=5, \"name\"=💾\\"),
          "plugin",
          Options.of(Map.of("password", SECRET, "o", "a=b,c", "empty", "")),
          "mount-id",
          State.MOUNTED,
          Optional.of(Path.of("/var/lib/rexray/volumes/pg data")),
          Optional.of(new MountIdentity(Long.MAX_VALUE, "259:7")),
          true,
          "d9a1",
          new LinkedHashSet<>(List.of(new ContainerId("z.a"), new ContainerId("b"))));

  @Test
  void everyFieldSurvives() throws Exception {
    assertEquals(FULL, RecordJson.read(RecordJson.write(FULL)));
  }

  @Test
  void theOrderOfOptionsAndUsersSurvives() throws Exception {
    Map<String, String> options = new LinkedHashMap<>();
    for (String name : List.of("z", "a", "m")) {
      options.put(name, name);
    }
    VolumeRecord read =
        RecordJson.read(
            RecordJson.write(
                new VolumeRecord(
                    FULL.id(),
                    "plugin",
                    Options.of(options),
                    "m",
                    State.MOUNTED,
                    Optional.empty(),
                    Optional.empty(),
                    false,
                    "b",
                    FULL.users())));

    assertEquals(List.of("z", "a", "m"), List.copyOf(read.options().values().keySet()));
    assertEquals(List.copyOf(FULL.users()), List.copyOf(read.users()));
  }

  @ParameterizedTest
  @EnumSource
  void whatIsAbsentStaysAbsent(State state) throws Exception {
    VolumeRecord bare =
        new VolumeRecord(
            new VolumeId("local", "pg"),
            "plugin",
            Options.NONE,
            "m",
            state,
            Optional.empty(),
            Optional.empty(),
            false,
            "boot",
            Set.of());

    assertEquals(bare, RecordJson.read(RecordJson.write(bare)));
  }

  @Test
  void theFormOfTheFileChangesOnPurposeOnly() {
    // Agents of another version read it: a change here needs a new version and a reader of the old
    // one.
    assertEquals(
        """
        {
          "version" : 1,
          "driver" : "local",
          "name" : "pg",
          "service" : "plugin",
          "options" : {
            "size" : "5"
          },
          "mount_id" : "m1",
          "state" : "MOUNTED",
          "mountpoint" : "/mnt/pg",
          "mounted" : {
            "kernel_mount_id" : 42,
            "device" : "7:0"
          },
          "read_only" : false,
          "boot_id" : "boot",
          "containers" : [ "c1", "c2" ]
        }\
        """,
        new String(
            RecordJson.write(
                new VolumeRecord(
                    new VolumeId("local", "pg"),
                    "plugin",
                    Options.of(Map.of("size", "5")),
                    "m1",
                    State.MOUNTED,
                    Optional.of(Path.of("/mnt/pg")),
                    Optional.of(new MountIdentity(42, "7:0")),
                    false,
                    "boot",
                    new LinkedHashSet<>(List.of(new ContainerId("c1"), new ContainerId("c2"))))),
            UTF_8));
  }

  static Stream<String> foreign() {
    return Stream.of(
        "",
        " \n",
        "null",
        "[]",
        "1",
        "\"text\"",
        "{",
        "{}",
        "{}{}",
        "not json",
        "\0\0\0\0",
        "{\"version\":1}",
        "{\"volumes\":[{\"driver\":\"rexray\"}]}");
  }

  @ParameterizedTest
  @MethodSource("foreign")
  void whatIsNoRecordIsRefused(String json) {
    refusal(json);
  }

  @Test
  void everyTruncationIsRefused() {
    String whole = json();
    for (int length = 0; length < whole.length(); length++) {
      refusal(whole.substring(0, length));
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "driver",
        "name",
        "service",
        "options",
        "mount_id",
        "state",
        "read_only",
        "boot_id",
        "containers"
      })
  void everyFieldIsNeeded(String field) {
    String without = json().replaceFirst("\"" + field + "\"", "\"other\"");

    assertTrue(refusal(without).contains(field), refusal(without));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "\"version\" : 1 | \"version\" : -1",
        "\"version\" : 1 | \"version\" : \"1\"",
        "\"version\" : 1 | \"version\" : 1.5",
        "\"driver\" : \"local\" | \"driver\" : \"../x\"",
        "\"driver\" : \"local\" | \"driver\" : 5",
        "\"name\" : \"pg\" | \"name\" : \"\"",
        "\"name\" : \"pg\" | \"name\" : null",
        "\"name\" : \"pg\" | \"name\" : \"a\\u0000b\"",
        "\"state\" : \"MOUNTED\" | \"state\" : \"mounted\"",
        "\"mountpoint\" : \"/mnt/pg\" | \"mountpoint\" : null",
        "\"mountpoint\" : \"/mnt/pg\" | \"mountpoint\" : \"\\u0000\"",
        "\"mountpoint\" : \"/mnt/pg\" | \"mountpoint\" : [\"/mnt/pg\"]",
        "\"kernel_mount_id\" : 42 | \"kernel_mount_id\" : \"42\"",
        "\"kernel_mount_id\" : 42 | \"other\" : 42",
        "\"device\" : \"7:0\" | \"device\" : 7",
        "\"read_only\" : true | \"read_only\" : \"no\"",
        "\"containers\" : [ \"c\" ] | \"containers\" : \"c\"",
        "\"containers\" : [ \"c\" ] | \"containers\" : [ 5 ]",
        "\"containers\" : [ \"c\" ] | \"containers\" : [ \"\" ]",
        "\"containers\" : [ \"c\" ] | \"containers\" : {}"
      })
  void aFieldOfAnotherKindIsRefused(String right, String wrong) {
    assertTrue(json().contains(right), "the test itself: " + right);

    refusal(json().replace(right, wrong));
  }

  @ParameterizedTest
  @ValueSource(strings = {"[]", "\"size=5\"", "{\"size\":5}", "{\"size\":null}", "{\"\":\"5\"}"})
  void optionsAreAnObjectOfTexts(String options) {
    refusal(json().replaceFirst("\\{\\s*\"password\"[^}]*}", options));
  }

  @Test
  void aKeyTwiceIsRefused() {
    refusal(json().replace("\"driver\" :", "\"driver\" : \"a\", \"driver\" :"));
    refusal(json().replace("\"password\" :", "\"password\" : \"a\", \"password\" :"));
  }

  @Test
  void anotherVersionIsNamed() {
    assertEquals(
        "its version is 0, not 1", refusal(json().replace("\"version\" : 1", "\"version\" : 0")));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "hunter2",
        "12345hunter2",
        "{\"a\":\"hunter2\"}",
        "[\"hunter2\"]",
        "\"hunter2\\u0000\"",
        "\"hunter2\n\"",
        "hunter2\""
      })
  void noMessageShowsAnOption(String value) {
    String refusal = refusal(json().replace("\"" + SECRET + "\"", value));

    assertFalse(refusal.contains(SECRET), refusal);
  }

  /** A record with all fields, and one option with the secret as its value. */
  private static String json() {
    return new String(
        RecordJson.write(
            new VolumeRecord(
                new VolumeId("local", "pg"),
                "plugin",
                Options.of(Map.of("password", SECRET)),
                "m",
                State.MOUNTED,
                Optional.of(Path.of("/mnt/pg")),
                Optional.of(new MountIdentity(42, "7:0")),
                true,
                "boot",
                Set.of(new ContainerId("c")))),
        UTF_8);
  }

  private static String refusal(String json) {
    return String.valueOf(
        assertThrows(
                CorruptRecordException.class, () -> RecordJson.read(json.getBytes(UTF_8)), json)
            .getMessage());
  }
}
