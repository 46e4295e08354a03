// SPDX-License-Identifier: Apache-2.0
package io.dvdi.marathon;

import static io.dvdi.marathon.AppText.EXTERNAL;
import static io.dvdi.marathon.AppText.app;
import static io.dvdi.marathon.AppText.assertHas;
import static io.dvdi.marathon.AppText.named;
import static io.dvdi.marathon.AppText.read;
import static io.dvdi.marathon.AppText.volume;
import static io.dvdi.marathon.AppText.volumes;
import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertThrows;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What apps that run side by side may not have in common. */
class AppGroupTest {
  private static final String SHARED = volume(EXTERNAL + ", 'shared': true");

  private static String other(String text) {
    return text.replace("'id': 'a'", "'id': '/g/b'");
  }

  private static String refusal(VolumeForm form, String first, String second) {
    AppGroup group = new AppGroup();
    group.add(read(form, first));
    App app = read(form, second);
    return String.valueOf(
        assertThrows(InvalidAppException.class, () -> group.add(app)).getMessage());
  }

  @Test
  void idsDiffer() {
    assertHas(
        refusal(VolumeForm.VARIABLES, app(""), app("").replace("'a'", "'/a'")), "another app, /a");
  }

  @ParameterizedTest
  @CsvSource({"false, false", "true, false", "false, true"})
  void volumeThatIsNotSharedByBothIsRefused(boolean first, boolean second) {
    assertHas(
        refusal(
            VolumeForm.DOCKER_VOLUMES,
            volumes(first ? SHARED : named("v")),
            other(volumes(second ? SHARED : named("v")))),
        "container.volumes[0]: the volume 'v' is also used by the app /a",
        "\"shared\": true");
  }

  @Test
  void volumeIsSharedWhenAllSaySo() {
    AppGroup group = new AppGroup();
    group.add(read(volumes(SHARED)));
    assertDoesNotThrow(() -> group.add(read(other(volumes(SHARED)))));
  }

  @Test
  void volumesCouldNotBeSharedInTheFirstMarathons() {
    assertHas(
        refusal(VolumeForm.VARIABLES, volumes(SHARED), other(volumes(SHARED))),
        "which Marathon rejects");
  }

  @Test
  void driversDoNotMakeTwoVolumesOfOneName() {
    assertHas(
        refusal(
            VolumeForm.DOCKER_VOLUMES,
            volumes(named("v")),
            other(volumes(named("v").replace("': 'd'", "': 'e'")))),
        "the volume 'v' is also used by the app /a");
  }

  @Test
  void volumesOfOtherNamesDoNotMatter() {
    AppGroup group = new AppGroup();
    group.add(read(volumes(named("v"))));
    assertDoesNotThrow(() -> group.add(read(other(volumes(named("w"))))));
  }
}
