// SPDX-License-Identifier: Apache-2.0
package io.dvdi.marathon;

import static io.dvdi.marathon.AppText.EXTERNAL;
import static io.dvdi.marathon.AppText.assertHas;
import static io.dvdi.marathon.AppText.assertRefused;
import static io.dvdi.marathon.AppText.messageOf;
import static io.dvdi.marathon.AppText.named;
import static io.dvdi.marathon.AppText.options;
import static io.dvdi.marathon.AppText.read;
import static io.dvdi.marathon.AppText.volume;
import static io.dvdi.marathon.AppText.volumes;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The rules of Marathon's provider dvdi. */
class ExternalVolumesTest {
  private static final String PLACE = "container.volumes[0]";

  private static Map<String, String> optionsOf(String volume) {
    return read(volumes(volume)).externalVolumes().getFirst().options().values();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "'provider': 'csi'  | .external.provider is 'csi'; this module serves volumes of the"
            + " provider 'dvdi' only",
        "'provider': 'DVDI' | .external.provider is 'DVDI'",
        "'provider': null   | .external.provider is missing; write 'dvdi'",
      })
  void providerIsDvdi(String provider, String expected) {
    assertRefused(
        volumes(volume(EXTERNAL.replace("'provider': 'dvdi'", provider))), PLACE + expected);
  }

  @Test
  void driverIsRequired() {
    assertRefused(
        volumes(volume("'provider': 'dvdi', 'name': 'v', 'options': {'dvdi/size': '1'}")),
        PLACE + ".external.options['dvdi/driver'] is missing; write the name of a volume driver");
    assertRefused(
        volumes(volume("'provider': 'dvdi', 'name': 'v'")), PLACE + ".external.options is missing");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "Rexray", "rexray/ebs", "-a", "a-", "a.b", "a b", "a\\n"})
  void driverIsALabel(String driver) {
    assertRefused(
        volumes(options(driver, "'dvdi/iops': '1'")),
        PLACE + ".external.options['dvdi/driver'] is '",
        "lower-case letters, digits and hyphens");
  }

  @Test
  void driverIsNoOption() {
    assertEquals(Map.of("a", "1"), optionsOf(options("d", "'dvdi/Driver': 'e', 'dvdi/a': '1'")));
  }

  @Test
  void optionsOfOtherNamespacesAreDroppedWithAWarning() {
    App app = read(volumes(options("d", "'other/x': 'y', 'dvdi/a': '1'")));
    assertEquals(Map.of("a", "1"), app.externalVolumes().getFirst().options().values());
    assertEquals(
        List.of(
            PLACE
                + ".external.options['other/x'] is not passed to the driver; only keys that start"
                + " with 'dvdi/' do"),
        app.remarks().warnings());
  }

  @Test
  void valuesOfOptionsAreTrimmed() {
    assertEquals(
        Map.of("a", "1 2", "b", ""), optionsOf(options("d", "'dvdi/a': ' 1 2\\t', 'dvdi/b': ' '")));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "size",
        "/size",
        "dvdi/",
        "DVDI/size",
        "dvdi/a/b",
        "dvdi/-a",
        "dvdi/a_",
        "dvdi/a=b",
        "dvdi/a,b",
        ""
      })
  void keysOfOptionsAreChecked(String key) {
    assertRefused(
        volumes(options("d", "'%s': 'x'".formatted(key))),
        PLACE + ".external.options",
        "has a key that Marathon refuses");
  }

  @Test
  void keysOfOptionsMayHaveDotsColonsAndUnderscoresInside() {
    assertEquals(Map.of("A.b_c:d-e", "x"), optionsOf(options("d", "'dvdi/A.b_c:d-e': 'x'")));
  }

  @Test
  void valuesOfOptionsAreStrings() {
    assertRefused(
        volumes(options("d", "'dvdi/iops': 150")),
        PLACE + ".external.options['dvdi/iops'] is a number; it has to be a string");
  }

  @Test
  void valuesOfOptionsHaveNoControlCharacters() {
    assertRefused(
        volumes(options("d", "'dvdi/a': 'x\\ny'")),
        PLACE + ".external.options cannot be passed on",
        "'a' has a control character");
  }

  @Test
  void sizeOverridesTheOptionOfThatName() {
    String volume =
        volume(EXTERNAL.replace("'d'}", "'d', 'dvdi/size': '7', 'dvdi/z': '1'}, 'size': 100"));
    assertEquals(
        List.of(Map.entry("size", "100"), Map.entry("z", "1")),
        List.copyOf(optionsOf(volume).entrySet()));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "'100' | is a string; it has to be a whole number",
        "-1 | is '-1'",
        "1.5 | is '1.5'"
      })
  void sizeIsAWholeNumber(String size, String expected) {
    assertRefused(
        volumes(volume(EXTERNAL + ", 'size': " + size)), PLACE + ".external.size " + expected);
  }

  @Test
  void sizeOfNothingWasRefusedByTheFirstMarathons() {
    String text = volumes(volume(EXTERNAL + ", 'size': 0"));
    assertHas(messageOf(VolumeForm.VARIABLES, text), PLACE + ".external.size is 0");
    assertEquals(Map.of("size", "0"), read(text).externalVolumes().getFirst().options().values());
  }

  @ParameterizedTest
  @ValueSource(strings = {"RO", "rw", ""})
  void modeIsReadAndWrite(String mode) {
    assertRefused(
        volumes(named("v").replace("'RW'", "'" + mode + "'")),
        PLACE + ".mode is '" + mode + "'; Marathon allows only 'RW'");
  }

  @Test
  void modeIsRequired() {
    assertRefused(
        volumes("{'containerPath': 'data', 'external': {%s}}".formatted(EXTERNAL)),
        PLACE + ".mode is missing; write 'RW'");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", ".", ".."})
  void containerPathNamesAFolder(String path) {
    assertRefused(
        volumes(named("v").replace("'data'", "'" + path + "'")),
        PLACE + ".containerPath is '" + path + "'; write a folder");
  }

  @Test
  void containerPathIsRequired() {
    assertRefused(
        volumes("{'mode': 'RW', 'external': {%s}}".formatted(EXTERNAL)),
        PLACE + ".containerPath is missing");
  }

  @ParameterizedTest
  @ValueSource(strings = {"data", "a/b", "/var/lib/data"})
  void containerPathMayHaveSlashesAsSinceMarathon1point5(String path) {
    assertEquals(
        path,
        read(volumes(named("v").replace("'data'", "'" + path + "'")))
            .externalVolumes()
            .getFirst()
            .containerPath());
  }

  @ParameterizedTest
  @EnumSource(VolumeForm.class)
  void nameIsRequired(VolumeForm form) {
    assertHas(messageOf(form, volumes(named(""))), PLACE + ".external.name is empty");
    assertHas(
        messageOf(form, volumes(volume("'provider': 'dvdi', 'options': {'dvdi/driver': 'd'}"))),
        PLACE + ".external.name is missing");
  }

  @Test
  void nameWasALabelInTheFirstMarathons() {
    String portworx = volumes(named("name=v,option1=x"));
    assertHas(
        messageOf(VolumeForm.VARIABLES, portworx),
        PLACE + ".external.name is 'name=v,option1=x'",
        "lower-case letters");
    assertEquals("name=v,option1=x", read(portworx).externalVolumes().getFirst().name());
  }

  @ParameterizedTest
  @EnumSource(VolumeForm.class)
  void nameComesOnceInAnApp(VolumeForm form) {
    String other = named("v").replace("'data'", "'other'").replace("': 'd'", "': 'e'");
    assertHas(
        messageOf(form, volumes(named("v"), other)),
        "container.volumes[1] requests the volume 'v' again",
        "also with different drivers");
  }

  @Test
  void sharedIsNoString() {
    assertRefused(
        volumes(volume(EXTERNAL + ", 'shared': 'true'")),
        PLACE + ".external.shared is a string; it has to be true or false, without quotes");
  }

  @ParameterizedTest
  @CsvSource({
    "iops,        150,     a whole number above 0",
    "iops,        x,       a whole number above 0",
    "volumetype,  io1,     lower-case letters",
    "volumetype,  IO_1,    lower-case letters",
    "newfstype,   xfs,     lower-case letters",
    "newfstype,   -xfs,    lower-case letters",
    "overwritefs, TRUE,    'true' or 'false'",
    "overwritefs, yes,     'true' or 'false'",
    "iops,        0,       a whole number above 0",
    "iops,        99999999999999999999, a whole number above 0",
  })
  void optionsOfRexrayAreChecked(String name, String value, String expected) {
    boolean good = List.of("150", "io1", "xfs", "TRUE").contains(value);
    String option = "'dvdi/%s': '%s'".formatted(name, value);
    if (good) {
      assertEquals(Map.of(name, value), optionsOf(options("rexray", option)));
    } else {
      String message = messageOf(volumes(options("rexray", option)));
      assertHas(message, PLACE + ".external.options['dvdi/" + name + "']", "rexray", expected);
      assertFalse(message.contains("'" + value + "'"), message);
    }
    assertEquals(
        Map.of(name, value), optionsOf(options("other", option)), "other drivers take anything");
  }

  @Test
  void placeOfALaterVolumeIsNamed() {
    assertRefused(
        volumes(named("v"), named("w").replace("'RW'", "'RO'")),
        "container.volumes[1].mode is 'RO'");
  }
}
