// SPDX-License-Identifier: Apache-2.0
package io.dvdi.module;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.dvdi.testing.RecordedLog;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** An agent starts with a modules.json that was written for an earlier version. */
class FormerParametersTest {
  private RecordedLog log = new RecordedLog();

  private Settings settings(String... keysAndValues) {
    List<Map.Entry<String, String>> parameters = new ArrayList<>();
    for (int i = 0; i < keysAndValues.length; i += 2) {
      parameters.add(Map.entry(keysAndValues[i], keysAndValues[i + 1]));
    }
    return Settings.of(parameters, log);
  }

  /** The keys of version 0.1.0 that are gone since, and that of mesos-module-dvdi. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "java_modules",
        "class_archive",
        "sandbox_directory",
        "plugin_specs",
        "plugin_timeout",
        "unmount_timeout",
        "check_timeout",
        "watch_interval",
        "volume_slots",
        "tmp_container_paths",
        "container_volumes",
        "work_dir"
      })
  void eachIsAcceptedWithAnyValueAndOneWarning(String key) {
    for (String value : List.of("", "0", "no duration", "../x", "\uFFFD\0")) {
      log = new RecordedLog();
      assertEquals(Settings.of(List.of(), log), settings(key, value, key, "other"));
      assertEquals(1, log.lines().size(), log.lines()::toString);
      String line = log.lines().getFirst();
      String start = "WARNING the parameter " + key + " is not used any more: ";
      assertEquals(start, line.substring(0, Math.min(start.length(), line.length())));
    }
  }

  @Test
  void noneIsAParameterStillAndTheReferenceHasThem() throws IOException {
    String reference = Files.readString(Path.of("docs/parameters.md"));
    for (FormerParameter former : FormerParameter.values()) {
      assertThrows(InvalidParameterException.class, () -> Parameter.of(former.key()));
      assertTrue(reference.contains("\n| `" + former.key() + "` | "), former.key());
    }
  }

  @Test
  void aWarningNamesTheKeyAndWhatHappensNow() {
    Settings unused = settings("check_timeout", "1mins", "volume_slots", "20");
    assertEquals(
        List.of(
            "WARNING the parameter check_timeout is not used any more: a file system that does not"
                + " answer within 5 seconds counts as dead. Remove it from modules.json",
            "WARNING the parameter volume_slots is not used any more: each task can request up to"
                + " 32 volumes. Remove it from modules.json"),
        log.lines());
  }

  @Test
  void theOthersAreStillChecked() {
    assertThrows(
        InvalidParameterException.class, () -> settings("check_timeout", "x", "state_dir", "x"));
    assertThrows(
        InvalidParameterException.class,
        () -> settings("default_driver", "a", "default_driver", "a"));
    assertEquals(
        List.of("a", "b,c"), settings("local_devices", " a ,, b\\,c").drivers().local().devices());
  }

  @Test
  void theServiceOfDriversIsChosenByAWord() {
    assertEquals(Set.of("plugin", "dvdcli"), settings().drivers().services());
    assertEquals(Set.of("dvdcli"), settings("volume_service", "dvdcli").drivers().services());
    assertThrows(InvalidParameterException.class, () -> settings("volume_service", "Auto"));
  }
}
