// SPDX-License-Identifier: Apache-2.0
package io.dvdi.driver.plugin;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.InputStream;
import org.jspecify.annotations.Nullable;

/** The body of an answer: what passes is counted, and only its beginning is kept, for messages. */
final class AnswerBody extends InputStream {
  /** A List of tens of thousands of volumes. */
  private static final int LARGEST = 8 * 1024 * 1024;

  /** More than a message shows, so that the message says that it was cut. */
  private static final int KEPT = 16 * 1024;

  private final InputStream stream;
  private final byte[] start = new byte[KEPT];
  private int size;
  private @Nullable IOException failure;

  AnswerBody(InputStream stream) {
    this.stream = stream;
  }

  @Override
  public int read() throws IOException {
    byte[] one = new byte[1];
    return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
  }

  @Override
  public int read(byte[] bytes, int offset, int length) throws IOException {
    try {
      int count = stream.read(bytes, offset, length);
      if (count > 0 && size < KEPT) {
        System.arraycopy(bytes, offset, start, size, Math.min(count, KEPT - size));
      }
      size += Math.max(0, count);
      if (size > LARGEST) {
        throw new IOException("the answer is larger than %d MiB".formatted(LARGEST >> 20));
      }
      return count;
    } catch (IOException e) {
      failure = e;
      throw e;
    }
  }

  /** Reads what is left: only then is it known that the answer came as a whole. */
  void drain() throws IOException {
    if (failure != null) {
      throw failure;
    }
    byte[] buffer = new byte[8192];
    while (read(buffer, 0, buffer.length) >= 0) {
      // It is counted.
    }
  }

  /** The beginning of the text. */
  String start() {
    return new String(start, 0, Math.min(size, KEPT), UTF_8).strip();
  }

  /**
   * Does nothing: the stream ends with its connection. Closing it by itself would first read what
   * is left, without a limit.
   */
  @Override
  public void close() {}
}
