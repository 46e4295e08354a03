// SPDX-License-Identifier: Apache-2.0
package io.dvdi.testing;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** The mount table as proc(5) shows it: the tests' own view, apart from the calls under test. */
public final class MountTable {
  /**
   * A line of /proc/self/mountinfo.
   *
   * @param id the kernel's mount ID
   * @param device major:minor
   * @param at the mountpoint
   * @param options of the mount
   * @param type of the file system
   * @param fileSystemOptions of the file system
   */
  public record Line(
      long id,
      String device,
      Path at,
      Set<String> options,
      String type,
      Set<String> fileSystemOptions) {}

  private MountTable() {}

  /** All mounts of this process, the uppermost of a path last. */
  public static List<Line> lines() throws IOException {
    return Files.readAllLines(Path.of("/proc/self/mountinfo")).stream()
        .map(MountTable::parse)
        .toList();
  }

  /** The mount that is uppermost at a path. */
  public static Optional<Line> at(Path path) throws IOException {
    return lines().stream().filter(line -> line.at().equals(path)).reduce((lower, upper) -> upper);
  }

  /** The mounts at a path and below it. */
  public static List<Line> under(Path path) throws IOException {
    return lines().stream().filter(line -> line.at().startsWith(path)).toList();
  }

  private static Line parse(String line) {
    List<String> fields = List.of(line.split(" ", -1));
    int separator = fields.indexOf("-");
    return new Line(
        Long.parseLong(fields.get(0)),
        fields.get(2),
        Path.of(unescaped(fields.get(4))),
        Set.of(fields.get(5).split(",", -1)),
        fields.get(separator + 1),
        Set.of(fields.get(separator + 3).split(",", -1)));
  }

  private static String unescaped(String path) {
    return path.replace("\\040", " ").replace("\\011", "\t").replace("\\134", "\\");
  }
}
