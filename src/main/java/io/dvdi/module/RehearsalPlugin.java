// SPDX-License-Identifier: Apache-2.0
package io.dvdi.module;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.dvdi.linux.StreamListener;
import io.dvdi.linux.StreamSocket;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.Executor;

/**
 * A volume plugin in this process, for the {@link Rehearsal}. Each of its volumes is the same plain
 * folder, and every call succeeds.
 */
final class RehearsalPlugin {
  private static final Duration SLICE = Duration.ofMillis(50);
  private static final Duration PATIENCE = Duration.ofSeconds(10);
  private static final int LONGEST_REQUEST = 4096;

  private final StreamListener listener;
  private final byte[] answer;
  private volatile boolean closed;

  /**
   * Starts it.
   *
   * @param socket does not exist yet
   */
  RehearsalPlugin(Path socket, String volume, Path folder, Executor threads) throws IOException {
    // With the fields of all answers.
    byte[] body =
        "{\"Implements\":[\"VolumeDriver\"],\"Volume\":{\"Name\":\"%s\"},\"Mountpoint\":\"%s\",\"Err\":\"\"}"
            .formatted(volume, folder)
            .getBytes(UTF_8);
    String head = "HTTP/1.1 200 OK\r\nContent-Length: " + body.length + "\r\n\r\n";
    this.answer = (head + new String(body, UTF_8)).getBytes(UTF_8);
    this.listener = StreamListener.at(socket);
    try {
      threads.execute(this::serve);
    } catch (RuntimeException | Error e) { // no thread, or no memory
      listener.close();
      throw e;
    }
  }

  /** Until it is closed. */
  private void serve() {
    try (listener) {
      while (!closed) {
        Optional<StreamSocket> connection = listener.accept(SLICE);
        if (connection.isPresent()) {
          answer(connection.get());
        }
      }
    } catch (IOException e) {
      // Who called it is told by the end of the connection.
    }
  }

  private void answer(StreamSocket connection) throws IOException {
    try (connection) {
      byte[] request = new byte[LONGEST_REQUEST];
      int unused = connection.receive(request, 0, request.length, PATIENCE);
      connection.send(answer, 0, answer.length, PATIENCE);
      // What was not read would break the connection before the answer arrives.
      while (connection.receive(request, 0, request.length, PATIENCE) > 0) {}
    }
  }

  /** Ends it within a moment. */
  void close() {
    closed = true;
  }
}
