// SPDX-License-Identifier: Apache-2.0
package io.dvdi.driver.plugin;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.dvdi.volume.VolumeId;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/**
 * The mount ID of our dvdcli. The real one sends none, which some plugins answer with success and
 * no mount. A plugin that keeps IDs wants the same one at Unmount as at Mount, and between the two
 * commands nothing is kept, so it is made of the volume's names: a volume has one mount from the
 * command line, beside those of an agent.
 */
final class CommandLineId {
  private CommandLineId() {}

  static String of(VolumeId volume) {
    try {
      byte[] hash =
          MessageDigest.getInstance("SHA-256")
              .digest((volume.driver() + "\0" + volume.name()).getBytes(UTF_8));
      return "dvdcli-" + HexFormat.of().formatHex(hash, 0, 16);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
  }
}
