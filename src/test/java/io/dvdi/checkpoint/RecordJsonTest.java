// SPDX-License-Identifier: Apache-2.0
package io.dvdi.checkpoint;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.dvdi.lifecycle.Evidence;
import io.dvdi.lifecycle.Moment;
import io.dvdi.lifecycle.MountId.MountCall;
import io.dvdi.lifecycle.MountId.UnmountCall;
import io.dvdi.lifecycle.VolumeRecord;
import io.dvdi.lifecycle.Whereabouts;
import io.dvdi.volume.ContainerId;
import io.dvdi.volume.InvalidRequestException;
import io.dvdi.volume.Options;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
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
      ExampleRecord.of(
          "rexray/ebs:latest",
          "größe=5, \"name\"=💾\\",
          Options.of(Map.of("password", SECRET, "o", "a=b,c", "empty", "")),
          List.of(new ContainerId("z.a"), new ContainerId("b")));

  @Test
  void everyFieldSurvives() throws Exception {
    assertEquals(FULL, RecordJson.read(RecordJson.write(FULL)).record());
  }

  @Test
  void nothingMayFollowTheRecord() {
    String twice = new String(RecordJson.write(FULL), UTF_8).repeat(2);
    CorruptRecordException refused =
        assertThrows(CorruptRecordException.class, () -> RecordJson.read(twice.getBytes(UTF_8)));
    assertTrue(String.valueOf(refused.getMessage()).contains("something follows"));
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
                    ExampleRecord.of("local", "pg", Options.of(options), FULL.users())))
            .record();
    assertEquals(List.of("z", "a", "m"), List.copyOf(read.terms().options().values().keySet()));
    assertEquals(FULL.users(), read.users());
  }

  /** Else a task's options would make the next agent leave the volume alone until the boot. */
  @Test
  void theLongestAndTheMostOptionsSurvive() throws Exception {
    Map<String, String> most = new LinkedHashMap<>();
    for (int i = 0; i < 1000; i++) {
      most.put("%04d".formatted(i), "\\".repeat(60));
    }
    for (Map<String, String> options : List.of(Map.of("ö".repeat(32 * 1024), ""), most)) {
      VolumeRecord record =
          ExampleRecord.of("rexray", "pg", Options.of(options), List.of(new ContainerId("one")));
      assertEquals(record, RecordJson.read(RecordJson.write(record)).record());
      assertTrue(RecordJson.write(record).length < 256 * 1024, "it fits into the reserve");
      Options defaults = Options.NONE.withDefaults("options", Options.of(options));
      VolumeRecord another = ExampleRecord.of("rexray", "pg", defaults, record.users());
      assertEquals(another, RecordJson.read(RecordJson.write(another)).record());
      assertTrue(RecordJson.write(another).length < 256 * 1024, "it fits into the reserve");
    }
    most.put("one more", "");
    assertThrows(InvalidRequestException.class, () -> Options.of(most));
  }

  @ParameterizedTest
  @EnumSource
  void whatIsAbsentStaysAbsent(MountCall mount) throws Exception {
    for (UnmountCall unmount : UnmountCall.values()) {
      VolumeRecord bare = ExampleRecord.bare(mount, unmount);
      assertEquals(bare, RecordJson.read(RecordJson.write(bare)).record());
    }
  }

  @Test
  void theMountsOfAMomentSurvive() throws Exception {
    VolumeRecord full = ExampleRecord.of("local", "pg");
    Evidence there = full.where().mount().orElseThrow();
    Evidence newest = new Evidence(4026531841L, 0, 31, "0:41", "/", "/run/newest");
    Moment before = new Moment(4026531841L, 0, true, Optional.of(there), Optional.of(newest));
    VolumeRecord record =
        new VolumeRecord(
            full.id(),
            full.terms(),
            full.users(),
            full.mountIds(),
            new Whereabouts(Optional.of("/mnt/pg"), true, Optional.of(there), before, before),
            full.trouble());

    assertEquals(record, RecordJson.read(RecordJson.write(record)).record());
  }

  @Test
  void theFormOfTheFileChangesOnPurposeOnly() {
    // Agents of another version read it: a change here needs a new version and a reader of the old
    // one.
    assertEquals(
        """
        {
          "version" : 2,
          "driver" : "local",
          "name" : "pg",
          "service" : "plugin",
          "options" : {
            "size" : "5"
          },
          "read_only" : false,
          "host_directory" : false,
          "keeps_account" : false,
          "containers" : [ "one" ],
          "mount_ids" : [ {
            "id" : "m-1",
            "driver" : "local",
            "name" : "pg",
            "mount" : "PROVED",
            "unmount" : "NONE",
            "doubt_ends_ms" : 120000
          } ],
          "mountpoint" : "/mnt/pg",
          "mountpoint_named_before" : true,
          "mounted" : {
            "namespace" : 4026531841,
            "unique_id" : 2147483655,
            "mount_id" : 0,
            "device" : "7:0",
            "root" : "/",
            "mountpoint" : "/mnt/pg"
          },
          "first_announced" : {
            "namespace" : 4026531841,
            "newest_id" : 2147483648,
            "path_known" : true
          },
          "last_announced" : {
            "namespace" : 4026531841,
            "newest_id" : 2147483648,
            "path_known" : true
          }
        }\
        """,
        new String(RecordJson.write(ExampleRecord.of("local", "pg")), UTF_8));
  }

  @Test
  void defaultOptionsStandApartFromThoseOfTheTask() throws Exception {
    Options options =
        Options.of(Map.of("size", "5"))
            .withDefaults("options", Options.of(Map.of("size", "1", "password", SECRET)));
    VolumeRecord record = ExampleRecord.of("local", "pg", options, FULL.users());

    String json = new String(RecordJson.write(record), UTF_8);

    assertTrue(
        json.contains(
            """
              "options" : {
                "size" : "5"
              },
              "default_options" : {
                "password" : "hunter2"
              },
            """),
        json);
    assertEquals(record, RecordJson.read(json.getBytes(UTF_8)).record());
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
        "{\"version\":2}",
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
        "read_only",
        "host_directory",
        "keeps_account",
        "containers",
        "mount_ids",
        "doubt_ends_ms",
        "unmount",
        "mountpoint_named_before",
        "first_announced",
        "last_announced",
        "newest_id"
      })
  void everyFieldIsNeeded(String field) {
    String without = json().replaceFirst("\"" + field + "\"", "\"other\"");

    assertTrue(refusal(without).contains(field), refusal(without));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "\"version\" : 2 | \"version\" : -1",
        "\"version\" : 2 | \"version\" : \"1\"",
        "\"version\" : 2 | \"version\" : 2.5",
        "\"driver\" : \"local\" | \"driver\" : \"../x\"",
        "\"driver\" : \"local\" | \"driver\" : 5",
        "\"name\" : \"pg\" | \"name\" : \"\"",
        "\"name\" : \"pg\" | \"name\" : null",
        "\"name\" : \"pg\" | \"name\" : \"a\\u0000b\"",
        "\"mount\" : \"PROVED\" | \"mount\" : \"proved\"",
        "\"unmount\" : \"NONE\" | \"unmount\" : null",
        "\"mountpoint\" : \"/mnt/pg\" | \"mountpoint\" : null",
        "\"mountpoint\" : \"/mnt/pg\" | \"mountpoint\" : [\"/mnt/pg\"]",
        "\"unique_id\" : 2147483655 | \"unique_id\" : \"42\"",
        "\"unique_id\" : 2147483655 | \"unique_id\" : 4.5",
        "\"device\" : \"7:0\" | \"device\" : 7",
        "\"read_only\" : false | \"read_only\" : \"no\"",
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
        "its version is 0, not 2", refusal(json().replace("\"version\" : 2", "\"version\" : 0")));
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
            ExampleRecord.of(
                "local",
                "pg",
                Options.of(Map.of("password", SECRET)),
                List.of(new ContainerId("c")))),
        UTF_8);
  }

  private static String refusal(String json) {
    return String.valueOf(
        assertThrows(
                CorruptRecordException.class, () -> RecordJson.read(json.getBytes(UTF_8)), json)
            .getMessage());
  }
}
