// SPDX-License-Identifier: Apache-2.0
package io.dvdi.driver;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import io.dvdi.driver.KeptOutput.Kept;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.PipedInputStream;
import java.io.PipedOutputStream;
import java.io.SequenceInputStream;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** Whether what was kept is all that there was. */
class KeptOutputTest {
  private static final Duration LONG = Duration.ofSeconds(30);

  @Test
  void whatCameToItsEndWithinTheLimitIsWhole() throws Exception {
    assertEquals(new Kept("abc", true), kept(text("abc"), LONG));
    assertEquals(new Kept("", true), kept(text(""), LONG));
  }

  @Test
  void whatIsLongerThanTheLimitIsCut() throws Exception {
    assertEquals(new Kept("abcd", true), kept(text("abcd"), LONG));
    assertEquals(new Kept("abcd", false), kept(text("abcde"), LONG));
    assertEquals(
        new Kept("abcd", false), kept(new SequenceInputStream(text("abcd"), text("e")), LONG));
  }

  @Test
  void whatSomebodyKeepsOpenIsNotWhole() throws Exception {
    try (PipedOutputStream writer = new PipedOutputStream();
        InputStream reader = new PipedInputStream(writer)) {
      writer.write('a');

      assertFalse(kept(reader, Duration.ofMillis(200)).whole());
    }
  }

  @Test
  void whatCannotBeReadToItsEndIsNotWhole() throws Exception {
    InputStream broken =
        new InputStream() {
          @Override
          public int read() throws IOException {
            throw new IOException("Stream closed");
          }

          @Override
          public int read(byte[] buffer, int offset, int length) throws IOException {
            return read();
          }
        };

    assertEquals(new Kept("ab", false), kept(new SequenceInputStream(text("ab"), broken), LONG));
  }

  private static Kept kept(InputStream output, Duration patience) throws InterruptedException {
    return new KeptOutput(output, 4, "output of a test").within(patience);
  }

  private static InputStream text(String text) {
    return new ByteArrayInputStream(text.getBytes(UTF_8));
  }
}
