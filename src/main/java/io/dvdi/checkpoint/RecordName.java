// SPDX-License-Identifier: Apache-2.0
package io.dvdi.checkpoint;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.dvdi.volume.VolumeId;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/** The file name of a volume's record. */
final class RecordName {
  static final String SUFFIX = ".json";

  /** Of what is readable of each name, in characters. */
  private static final int LONGEST = 40;

  private RecordName() {}

  /**
   * The start of both names, for people, and a hash, because names can be long and contain any
   * character.
   */
  static String of(VolumeId id) {
    byte[] hash;
    try {
      hash =
          MessageDigest.getInstance("SHA-256")
              .digest((id.driver() + "\0" + id.name()).getBytes(UTF_8));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
    return readable(id.driver())
        + "-"
        + readable(id.name())
        + "-"
        + HexFormat.of().formatHex(hash, 0, 16)
        + SUFFIX;
  }

  private static String readable(String name) {
    StringBuilder plain = new StringBuilder(name.substring(0, Math.min(name.length(), LONGEST)));
    for (int i = 0; i < plain.length(); i++) {
      char letter = plain.charAt(i);
      if (!(letter >= 'A' && letter <= 'Z')
          && !(letter >= 'a' && letter <= 'z')
          && !(letter >= '0' && letter <= '9')) {
        plain.setCharAt(i, '_');
      }
    }
    return plain.toString();
  }
}
