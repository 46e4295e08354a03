// SPDX-License-Identifier: Apache-2.0
package io.dvdi.marathon;

import static io.dvdi.marathon.AppText.app;
import static io.dvdi.marathon.AppText.assertRefused;
import static io.dvdi.marathon.AppText.named;
import static io.dvdi.marathon.AppText.read;
import static io.dvdi.marathon.AppText.volumes;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** How many tasks of an app run at a time, where volumes allow only one. */
class AppInstancesTest {
  @Test
  void oneInstanceAtMostWithExternalVolumes() {
    String two = volumes(named("v")).replace("'cmd'", "'instances': 2, 'cmd'");
    assertRefused(two, "instances is 2; Marathon limits apps with external volumes to 1");
    assertEquals(
        List.of(), read(two.replace("'instances': 2", "'instances': 1")).remarks().warnings());
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 3})
  void otherNumbersOfInstancesAreWarnedOf(int instances) {
    assertEquals(
        List.of("instances is %d; only one task is considered here".formatted(instances)),
        read(app("'instances': " + instances)).remarks().warnings());
  }

  @ParameterizedTest
  @ValueSource(strings = {"-1", "1.5", "99999999999999999999"})
  void instancesAreCounted(String instances) {
    assertRefused(app("'instances': " + instances), "instances is '" + instances, "whole number");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "{'maximumOverCapacity': 0.5} | upgradeStrategy.maximumOverCapacity is '0.5'",
        "{'maximumOverCapacity': '0'} | upgradeStrategy.maximumOverCapacity is a string",
        "{}                           | upgradeStrategy.maximumOverCapacity is missing; write 0",
      })
  void noOverCapacityWithExternalVolumes(String strategy, String expected) {
    String fields = "'upgradeStrategy': " + strategy + ", 'cmd'";
    assertRefused(volumes(named("v")).replace("'cmd'", fields), expected);
    assertEquals(
        List.of(),
        read(app("'upgradeStrategy': " + strategy)).externalVolumes(),
        "without volumes it is fine");
  }

  @ParameterizedTest
  @ValueSource(strings = {"0", "0.0"})
  void overCapacityOfNothingIsFine(String capacity) {
    String fields = "'upgradeStrategy': {'maximumOverCapacity': %s}, 'cmd'".formatted(capacity);
    assertEquals(1, read(volumes(named("v")).replace("'cmd'", fields)).externalVolumes().size());
  }
}
