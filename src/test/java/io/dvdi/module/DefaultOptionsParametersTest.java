// SPDX-License-Identifier: Apache-2.0
package io.dvdi.module;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.dvdi.testing.RecordedLog;
import io.dvdi.volume.Options;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Parameters with default options. */
class DefaultOptionsParametersTest {
  private final RecordedLog log = new RecordedLog();

  private Settings settings(String... keysAndValues) {
    List<Map.Entry<String, String>> parameters = new ArrayList<>();
    for (int i = 0; i < keysAndValues.length; i += 2) {
      parameters.add(Map.entry(keysAndValues[i], keysAndValues[i + 1]));
    }
    return Settings.of(parameters, log);
  }

  private static Map<String, String> values(Settings settings, String driver) {
    return settings.drivers().defaultOptions().getOrDefault(driver, Options.NONE).values();
  }

  @Test
  void aDriverHasThoseOfTheKeyThatEndsWithItsName() {
    Settings settings =
        settings(
            "default_options.local",
            "size=1,newfstype=xfs",
            "state_dir",
            "/x",
            "default_options.rexray/ebs:latest",
            "volumetype=io1,o=ro\\,noexec",
            "default_options.docker.io/a/b:1.2",
            "",
            "default_options.rclone",
            "user=DOMAIN\\me, password=a=b ");

    assertEquals(Map.of("size", "1", "newfstype", "xfs"), values(settings, "local"));
    assertEquals(Map.of("volumetype", "io1", "o", "ro,noexec"), values(settings, "rexray/ebs"));
    assertEquals(Map.of(), values(settings, "docker.io/a/b:1.2"));
    assertEquals(Map.of("user", "DOMAIN\\me", "password", "a=b "), values(settings, "rclone"));
    assertEquals(
        List.of("local", "rexray/ebs", "docker.io/a/b:1.2", "rclone"),
        List.copyOf(settings.drivers().defaultOptions().keySet()));
    assertEquals(Map.of(), settings().drivers().defaultOptions());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "default_options.local   | size=1,s3cret    | the parameter default_options.local: item 2"
            + " of the comma list has no '='; write name=value, and a comma inside a value as \\,",
        "default_options.a/b     | size=1,size=s3cret | the parameter default_options.a/b contains"
            + " the option 'size' twice; keep one",
        "default_options.a       | =s3cret          | the parameter default_options.a has an option"
            + " without a name; write name=value",
        "default_options.a       | a=s3\u0007cret   | the parameter default_options.a: the value of"
            + " option 'a' has a control character or broken text; remove it",
        "default_options         | local:size=s3cret | the parameter 'default_options' in"
            + " modules.json does not end with the name of a volume driver; write"
            + " default_options.rexray for the driver rexray",
        "default_options.        | size=s3cret      | the parameter 'default_options.' in"
            + " modules.json does not end with the name of a volume driver; write"
            + " default_options.rexray for the driver rexray",
        "default_options.a b     | size=s3cret      | the parameter 'default_options.a b' in"
            + " modules.json does not end with the name of a volume driver; write"
            + " default_options.rexray for the driver rexray",
      })
  void aBadOneIsRefusedWithoutItsValue(String key, String value, String expected) {
    String refusal =
        String.valueOf(
            assertThrows(InvalidParameterException.class, () -> settings(key, value)).getMessage());

    assertEquals(expected, refusal);
    assertFalse(refusal.contains("s3cret"));
  }

  @ParameterizedTest
  @CsvSource({
    "default_options.a,default_options.a",
    "default_options.a,default_options.a:latest",
    "default_options.a:latest,default_options.a"
  })
  void twoForOneNameAreRefused(String first, String second) {
    String refusal =
        String.valueOf(
            assertThrows(
                    InvalidParameterException.class,
                    () -> settings(first, "size=1", second, "iops=1"))
                .getMessage());

    assertEquals("the parameter 'default_options.a' is given twice", refusal);
  }

  @Test
  void aKeyThatIsNearlyOneIsUnknownAndTheFormIsNamed() {
    String refusal =
        String.valueOf(
            assertThrows(
                    InvalidParameterException.class, () -> settings("default_option.a", "s3cret"))
                .getMessage());

    assertTrue(refusal.startsWith("the parameter 'default_option.a' in modules.json is unknown"));
    assertTrue(refusal.endsWith(", and default_options.DRIVER"), refusal);
    assertFalse(refusal.contains("s3cret"));
  }

  @Test
  void nothingPrintsTheirValues() {
    Settings settings = settings("default_options.local", "password=s3cret", "check_timeout", "1");

    assertFalse(settings.toString().contains("s3cret"), settings::toString);
    assertFalse(log.lines().toString().contains("s3cret"), log.lines()::toString);
  }
}
