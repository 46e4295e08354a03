// SPDX-License-Identifier: Apache-2.0
package io.dvdi.mesos;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.util.Optional;

/** Events in RecordIO: the length of each in decimal digits, a line feed, and its JSON. */
final class EventStream {
  private final InputStream in;

  EventStream(InputStream in) {
    this.in = in;
  }

  /** The next event, or nothing at the end of the stream. */
  Optional<JsonNode> next() throws IOException {
    int length = 0;
    for (int c = in.read(); c != '\n'; c = in.read()) {
      if (c < 0) {
        return Optional.empty();
      }
      length = length * 10 + Character.digit(c, 10);
    }
    byte[] event = in.readNBytes(length);
    if (event.length < length) {
      throw new EOFException("the stream ended inside of an event");
    }
    return Optional.of(Json.read(new String(event, UTF_8)));
  }
}
