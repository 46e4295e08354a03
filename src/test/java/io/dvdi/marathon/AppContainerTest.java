// SPDX-License-Identifier: Apache-2.0
package io.dvdi.marathon;

import static io.dvdi.marathon.AppText.app;
import static io.dvdi.marathon.AppText.assertHas;
import static io.dvdi.marathon.AppText.assertRefused;
import static io.dvdi.marathon.AppText.messageOf;
import static io.dvdi.marathon.AppText.named;
import static io.dvdi.marathon.AppText.read;
import static io.dvdi.marathon.AppText.volumes;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The containerizers, images and kinds of volumes of an app. */
class AppContainerTest {
  @ParameterizedTest
  @ValueSource(strings = {"{'type': 'DOCKER'}", "{}", "{'docker': {'image': 'alpine'}}"})
  void dockerContainerizerIsRefusedSinceItCallsNoIsolator(String container) {
    assertRefused(
        app("'container': " + container),
        "container.type is",
        "DOCKER",
        "the Docker containerizer calls no isolators",
        "write 'MESOS'");
  }

  @Test
  void otherContainerTypesAreRefused() {
    assertRefused(app("'container': {'type': 'VM'}"), "container.type is 'VM'; write 'MESOS'");
  }

  @Test
  void imageOfAMesosContainerIsForAMesosAgent() {
    App app = read("{'id': 'a', 'container': {'type': 'MESOS', 'docker': {'image': 'alpine'}}}");
    assertEquals(Optional.empty(), app.command());
    assertTrue(
        app.remarks()
            .onlyMesos()
            .contains("container.docker.image is 'alpine'; images need a Mesos agent"));
  }

  @Test
  void imageIsRequiredWhereThereIsDocker() {
    assertRefused(
        app("'container': {'type': 'MESOS', 'docker': {}}"), "container.docker.image is missing");
  }

  @Test
  void imageOfAMesosContainerIsNotPossibleBeforeMarathon1point3() {
    assertHas(
        messageOf(
            VolumeForm.VARIABLES,
            app("'container': {'type': 'MESOS', 'docker': {'image': 'alpine'}}")),
        "container.docker cannot be combined with the type MESOS in Marathon 1.1");
  }

  @ParameterizedTest
  @ValueSource(strings = {"'hostPath': '/h'", "'persistent': {'size': 1}", "'secret': 's'"})
  void otherKindsOfVolumesAreLeftToMesos(String kind) {
    App app = read(volumes("{'containerPath': 'c', 'mode': 'RW', %s}".formatted(kind), named("v")));
    assertEquals(1, app.externalVolumes().size());
    assertEquals(1, app.remarks().onlyMesos().size());
    assertHas(
        app.remarks().onlyMesos().getFirst(), "container.volumes[0] has ", "need a Mesos agent");
  }

  @Test
  void volumeHasExactlyOneKind() {
    assertRefused(volumes("{'containerPath': 'c'}"), "container.volumes[0] has none of its kinds");
    assertRefused(
        volumes("{'hostPath': '/h', 'external': {}}"),
        "container.volumes[0] has external and hostPath; a volume has one of");
  }
}
