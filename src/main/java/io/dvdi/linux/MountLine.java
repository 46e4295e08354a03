// SPDX-License-Identifier: Apache-2.0
package io.dvdi.linux;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import io.dvdi.lifecycle.Evidence;
import io.dvdi.volume.MountOption;
import java.io.ByteArrayOutputStream;
import java.util.List;
import java.util.Optional;

/** A line of the mount table, see mountinfo in proc(5). */
final class MountLine {
  private MountLine() {}

  /** Reads a line as {@link ProcFile} gives it; empty if it is none. */
  static Optional<MountFacts> parse(String line, long namespace) {
    List<String> fields = List.of(line.split(" ", -1));
    int separator = fields.indexOf("-");
    if (separator < 6
        || fields.size() < separator + 4
        || !fields.get(0).matches("[0-9]{1,18}")
        || !fields.get(2).matches("[0-9]+:[0-9]+")) {
      return Optional.empty();
    }
    Evidence mount =
        new Evidence(
            namespace,
            0,
            Long.parseLong(fields.get(0)),
            fields.get(2),
            unescaped(fields.get(3)),
            unescaped(fields.get(4)));
    boolean readOnly = isReadOnly(fields.get(5)) || isReadOnly(fields.get(separator + 3));
    return Optional.of(new MountFacts(mount, fields.get(separator + 1), readOnly));
  }

  private static boolean isReadOnly(String options) {
    return MountOption.has(MountOption.list(options), "ro");
  }

  /** Undoes the kernel's \ooo for a space, a tab, a line feed and a backslash. */
  static String unescaped(String text) {
    byte[] bytes = text.getBytes(ISO_8859_1);
    ByteArrayOutputStream path = new ByteArrayOutputStream();
    for (int i = 0; i < bytes.length; i++) {
      boolean escape = bytes[i] == '\\' && text.substring(i).matches("(?s)\\\\[0-7]{3}.*");
      path.write(escape ? Integer.parseInt(text.substring(i + 1, i + 4), 8) : bytes[i]);
      i += escape ? 3 : 0;
    }
    return path.toString(UTF_8);
  }
}
