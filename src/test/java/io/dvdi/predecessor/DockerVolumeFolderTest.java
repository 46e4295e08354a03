// SPDX-License-Identifier: Apache-2.0
package io.dvdi.predecessor;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.dvdi.volume.VolumeId;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DockerVolumeFolderTest {
  @TempDir Path folder;
  private final List<String> unreadable = new ArrayList<>();

  private void container(String id, String json) throws IOException {
    Files.writeString(Files.createDirectories(folder.resolve(id)).resolve("volumes"), json);
  }

  private Source.Checkpoint read() throws IOException {
    return new DockerVolumeFolder(folder)
        .read((path, reason) -> unreadable.add(folder.relativize(path) + ": " + reason));
  }

  private static List<String> lines(Source.Checkpoint checkpoint) {
    return checkpoint.volumes().stream()
        .map(held -> "%s %s %s".formatted(held.container(), held.driver(), held.name()))
        .toList();
  }

  @Test
  void eachContainerHasItsVolumes() throws IOException {
    // As Mesos writes a message as JSON.
    container(
        "c1",
        "{\"volumes\":[{\"driver\":\"rexray\",\"name\":\"pg\"},{\"driver\":\"pxd\",\"name\":\"lg\"}]}");
    container("c2", "{\"volumes\":[{\"driver\":\"rexray\",\"name\":\"pg\"}]}");
    container("c3", "{}");

    assertEquals(List.of("c1 rexray pg", "c1 pxd lg", "c2 rexray pg"), lines(read()));
    assertEquals(
        Set.of(new VolumeId("rexray", "pg"), new VolumeId("pxd", "lg")),
        new DockerVolumeFolder(folder).volumes());
  }

  @Test
  void whatACrashLeftHasNoVolume() throws IOException {
    Files.createDirectory(folder.resolve("c1"));
    container("c2", "");
    Files.createFile(folder.resolve("a-file"));

    assertEquals(List.of(), read().volumes());
    assertEquals(List.of(), unreadable);
  }

  @Test
  void whatIsBrokenIsSaidAndTheRestIsRead() throws IOException {
    container("c1", "{\"volumes\":[{\"driver\":\"rexray\",\"na");
    container("c2", "{\"volumes\":[{\"driver\":\"rexray\"}]}");
    container("c3", "{\"volumes\":[{\"driver\":\"rexray\",\"name\":\"pg\"}]}");
    Files.createDirectories(folder.resolve("c4/volumes"));

    assertEquals(List.of("c3 rexray pg"), lines(read()));
    assertEquals(3, unreadable.size(), unreadable::toString);
    assertEquals(
        "c1/volumes: line 1, column 35: this is not JSON: it ends too early; a string is not"
            + " closed",
        unreadable.get(0));
    assertEquals("c2/volumes: a volume in it has no driver or no name", unreadable.get(1));
    assertTrue(unreadable.get(2).contains("Is a directory"), unreadable::toString);
  }

  @Test
  void aFolderThatIsNotThereHasNoVolumes() {
    DockerVolumeFolder missing = new DockerVolumeFolder(folder.resolve("none"));
    assertThrows(NoSuchFileException.class, () -> missing.read((path, reason) -> {}));
    assertEquals(Set.of(), missing.volumes());
  }

  @Test
  void theDigestTellsContainersAndVolumesApart() throws IOException {
    container("c1", "{}");
    String first = read().digest();
    assertEquals(first, read().digest());
    container("c2", "{}");
    String second = read().digest();
    assertNotEquals(first, second);
    container("c2", "{\"volumes\":[]}");
    assertNotEquals(second, read().digest());
  }
}
