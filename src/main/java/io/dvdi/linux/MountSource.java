// SPDX-License-Identifier: Apache-2.0
package io.dvdi.linux;

import io.dvdi.lifecycle.Evidence;
import io.dvdi.volume.MountOption;
import java.io.IOException;
import java.util.List;
import java.util.Optional;

/**
 * The source of a mount, from the mount table.
 *
 * @param options of the mount, such as nosuid
 * @param type the kernel's name of the file system
 * @param source the device, or the server's export
 * @param superOptions of the file system
 */
public record MountSource(
    List<MountOption> options, String type, String source, List<MountOption> superOptions) {

  /** Reads the mount table. Empty if the mount does not exist. */
  public static Optional<MountSource> of(Evidence mount) throws IOException {
    for (String line : ProcFile.lines("/proc/self/mountinfo")) {
      Optional<MountFacts> facts = MountLine.parse(line, mount.namespace());
      if (facts.isPresent()
          && facts.get().mount().mountId() == mount.mountId()
          && facts.get().mount().mountpoint().equals(mount.mountpoint())) {
        return Optional.of(parse(line));
      }
    }
    return Optional.empty();
  }

  private static MountSource parse(String line) {
    List<String> fields = List.of(line.split(" ", -1));
    int type = fields.indexOf("-") + 1;
    return new MountSource(
        MountOption.list(fields.get(5)),
        fields.get(type),
        MountLine.unescaped(fields.get(type + 1)),
        MountOption.list(fields.get(type + 2)));
  }

  /** Whether the mount or its file system is read-only. */
  public boolean isReadOnly() {
    return MountOption.has(options, "ro") || MountOption.has(superOptions, "ro");
  }

  /** Without values that may be secret. */
  @Override
  public String toString() {
    return "MountSource[type=%s]".formatted(type);
  }
}
