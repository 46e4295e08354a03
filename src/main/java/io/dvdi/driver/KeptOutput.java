// SPDX-License-Identifier: Apache-2.0
package io.dvdi.driver;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;

/**
 * The start of what a program writes. All of it is read, so that the program never waits for us.
 */
final class KeptOutput {
  /**
   * What is kept.
   *
   * @param whole whether that is all that was written
   */
  record Kept(String text, boolean whole) {}

  private final ByteArrayOutputStream kept = new ByteArrayOutputStream();
  private final int limit;
  private final Thread reader;
  private boolean cut;
  private boolean ended;

  KeptOutput(InputStream stream, int limit, String thread) {
    this.limit = limit;
    this.reader = new Thread(() -> read(stream), thread);
    reader.setDaemon(true);
    reader.start();
  }

  /**
   * What came until the output's end, or until patience does: a program that was left behind may
   * keep it open.
   */
  Kept within(Duration patience) throws InterruptedException {
    boolean ignored = reader.join(patience);
    synchronized (kept) {
      return new Kept(kept.toString(UTF_8).strip(), ended && !cut);
    }
  }

  private void read(InputStream stream) {
    byte[] buffer = new byte[8192];
    try (stream) {
      for (int count = stream.read(buffer); count >= 0; count = stream.read(buffer)) {
        synchronized (kept) {
          int room = limit - kept.size();
          cut |= count > room;
          kept.write(buffer, 0, Math.min(count, room));
        }
      }
      synchronized (kept) {
        ended = true;
      }
    } catch (IOException e) {
      // The process was killed; what came until then is what there is.
    }
  }
}
