// SPDX-License-Identifier: Apache-2.0
package io.dvdi.testing;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/** The records of volumes on disk, whichever boot's they are. */
public final class RecordFiles {
  private RecordFiles() {}

  /** Their paths below the folder that has a folder for each boot, sorted. */
  public static List<String> below(Path root) {
    while (Files.isDirectory(root)) {
      try (Stream<Path> files = Files.walk(root)) {
        return files
            .filter(file -> file.getFileName().toString().endsWith(".json"))
            .map(file -> root.relativize(file).toString())
            .sorted()
            .toList();
      } catch (UncheckedIOException e) {
        // One was removed while it was looked at.
      } catch (IOException e) {
        throw new AssertionError(e);
      }
    }
    return List.of();
  }
}
