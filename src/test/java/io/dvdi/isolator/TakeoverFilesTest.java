// SPDX-License-Identifier: Apache-2.0
package io.dvdi.isolator;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.dvdi.predecessor.DockerVolumeFolder;
import io.dvdi.predecessor.Dvdimounts;
import io.dvdi.predecessor.DvdimountsFile;
import java.io.IOException;
import java.nio.file.Files;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The files in which predecessors name their volumes, also those that are wrong. */
class TakeoverFilesTest extends TakeoverFixture {
  private void dockerVolume(String container, String... names) throws IOException {
    List<String> volumes =
        List.of(names).stream()
            .map(name -> "{\"driver\":\"tmp\",\"name\":\"" + name + "\"}")
            .toList();
    Files.writeString(
        Files.createDirectories(containers.resolve(container)).resolve("volumes"),
        "{\"volumes\":[" + String.join(",", volumes) + "]}");
  }

  @ParameterizedTest
  @ValueSource(strings = {"no message", "{\"volumes\": 1"})
  void aCorruptFileIsAnErrorAndNothingElse(String content) throws Exception {
    mounted("a");
    Files.writeString(file, content);

    for (int i = 1; i <= 2; i++) {
      switchFrom(new DvdimountsFile(file));
      assertEquals(i, errors(), host.log::toString);
    }
    assertTrue(
        logHas(file + " is not readable (it is not a valid protobuf message"), host.log::toString);
    assertEquals(List.of("a"), host.mounts());
    host.prepare("new", "b");
    host.cleanup("new");
  }

  @Test
  void namesThatCannotBeAreSaidAndTheOthersTakenOver() throws Exception {
    mounted("a");
    fromDvdi(
        new Dvdimounts()
            .mount("dead", "../x", "a", "/mnt")
            .mount("dead", "tmp", "", "/mnt")
            .mount("", "tmp", "b", "/mnt")
            .mount("dead", "tmp", "a", host.driver.path("a").toString()));

    assertEquals(3, errors(), host.log::toString);
    assertEquals(List.of(), host.mounts());
  }

  @Test
  void noFileAndAnEmptyOneAreNoErrors() throws Exception {
    switchFrom(new DvdimountsFile(file));
    assertTrue(logHas("there is no " + file), host.log::toString);
    Files.createFile(file);
    switchFrom(new DvdimountsFile(file));
    assertEquals(0, errors(), host.log::toString);
  }

  @Test
  void whatWasWrittenBeforeTheHostWasBootedIsNotMountedAnyMore() throws Exception {
    // By somebody else, at the place that the driver always uses.
    mounted("a");
    booted = Instant.now().plusSeconds(3600);

    fromDvdi(listed("dead", "a"));

    assertEquals(List.of("a"), host.mounts());
    assertTrue(logHas("before the host was booted"), host.log::toString);
  }

  @Test
  void dockerVolumesContainersAreToldByTheLastPartOfTheirIds() throws Exception {
    mounted("a");
    mounted("b");
    mounted("c");
    dockerVolume("child", "a", "c");
    dockerVolume("dead", "b", "c");

    switchFrom(new DockerVolumeFolder(containers), "parent.child", "another");

    assertEquals(List.of("a", "c"), host.mounts());
    host.cleanup("parent.child");
    assertEquals(List.of(), host.mounts());
    assertEquals(0, errors(), host.log::toString);
    assertTrue(Files.exists(containers.resolve("child/volumes")));
  }

  @Test
  void oneBrokenFileOfDockerVolumeDoesNotKeepTheOthers() throws Exception {
    mounted("a");
    mounted("b");
    dockerVolume("dead", "a");
    Files.writeString(Files.createDirectory(containers.resolve("x")).resolve("volumes"), "{");

    switchFrom(new DockerVolumeFolder(containers));

    assertEquals(List.of("b"), host.mounts());
    assertEquals(1, errors(), host.log::toString);
    assertFalse(logHas("'b'"));
  }
}
