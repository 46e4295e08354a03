// SPDX-License-Identifier: Apache-2.0
package io.dvdi.predecessor;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/** Tells whether a checkpoint is the one that was read before. */
final class Digest {
  private final MessageDigest digest;

  Digest() {
    try {
      digest = MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
  }

  /** With its length, so that what is added twice is not what is added at once. */
  Digest add(byte[] content) {
    digest.update((content.length + ":").getBytes(UTF_8));
    digest.update(content);
    return this;
  }

  Digest add(String text) {
    return add(text.getBytes(UTF_8));
  }

  String text() {
    return HexFormat.of().formatHex(digest.digest());
  }
}
