// SPDX-License-Identifier: Apache-2.0
package io.dvdi.predecessor;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import io.dvdi.json.JsonProblem;
import io.dvdi.json.JsonTree;
import io.dvdi.volume.InvalidRequestException;
import io.dvdi.volume.VolumeId;
import java.io.IOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.BiConsumer;

/**
 * The folder in which Mesos' docker/volume keeps what each container holds, the agent's flag {@code
 * --docker_volume_checkpoint_dir}: {@code <container id>/volumes}, with {@code {"volumes":
 * [{"driver": …, "name": …}]}}. Of a nested container, the name of the folder is the last part of
 * its ID. See paths.hpp, state.proto and recover in isolator.cpp there.
 *
 * @param path of the folder
 */
public record DockerVolumeFolder(Path path) implements Source {
  /** The flag's default. */
  public static final Path DEFAULT = Path.of("/var/run/mesos/isolators/docker/volume");

  private static final JsonFactory JSON = new JsonFactory();

  @Override
  public boolean anyCase() {
    return false;
  }

  @Override
  public Checkpoint read(BiConsumer<Path, String> unreadable) throws IOException {
    Digest digest = new Digest();
    List<HeldVolume> volumes = new ArrayList<>();
    for (Path folder : containers()) {
      Path file = folder.resolve("volumes");
      try {
        byte[] content = CheckpointFile.read(file);
        digest.add(folder.toString()).add(content);
        volumes.addAll(
            parse(
                String.valueOf(folder.getFileName()),
                content,
                Files.getLastModifiedTime(file).toInstant()));
      } catch (NoSuchFileException e) {
        // Killed before it wrote the file, or just gone: the container has no volume.
      } catch (UnreadableException e) {
        unreadable.accept(file, String.valueOf(e.getMessage()));
      } catch (IOException e) {
        unreadable.accept(file, e.toString());
      }
    }
    return new Checkpoint(digest.text(), volumes);
  }

  /** The volumes that are listed now; what cannot be read is left out. */
  public Set<VolumeId> volumes() {
    Set<VolumeId> volumes = new HashSet<>();
    List<HeldVolume> all;
    try {
      all = read((file, reason) -> {}).volumes();
    } catch (IOException e) {
      return volumes; // no folder: nothing was ever mounted
    }
    for (HeldVolume held : all) {
      try {
        volumes.add(new VolumeId(held.driver(), held.name()));
      } catch (InvalidRequestException e) {
        // Nobody can ask this module for it.
      }
    }
    return volumes;
  }

  private List<Path> containers() throws IOException {
    List<Path> folders = new ArrayList<>();
    try (DirectoryStream<Path> all = Files.newDirectoryStream(path, Files::isDirectory)) {
      all.forEach(folders::add);
    } catch (DirectoryIteratorException e) {
      throw e.getCause();
    }
    folders.sort(null);
    return folders;
  }

  private static List<HeldVolume> parse(String container, byte[] content, Instant written)
      throws UnreadableException {
    List<HeldVolume> volumes = new ArrayList<>();
    if (content.length == 0) {
      // As after a power failure; docker/volume, too, takes it for none (MESOS-9507).
      return volumes;
    }
    JsonNode json;
    try (JsonParser parser = JSON.createParser(content)) {
      json = JsonTree.next(parser);
    } catch (JsonProcessingException e) {
      throw new UnreadableException(JsonProblem.explain(content, e));
    } catch (IOException e) {
      throw new UnreadableException(e.toString());
    }
    for (JsonNode volume : json.path("volumes")) {
      JsonNode driver = volume.path("driver");
      JsonNode name = volume.path("name");
      if (!driver.isTextual() || !name.isTextual()) {
        throw new UnreadableException("a volume in it has no driver or no name");
      }
      volumes.add(
          new HeldVolume(
              container, driver.textValue(), name.textValue(), Optional.empty(), written));
    }
    return volumes;
  }
}
