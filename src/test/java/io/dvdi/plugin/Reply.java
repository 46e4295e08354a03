// SPDX-License-Identifier: Apache-2.0
package io.dvdi.plugin;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.util.Map;

/** What a plugin says: an object, with status 200, or an error in its words. */
record Reply(int status, Map<String, Object> content) {
  static final ObjectMapper JSON = new ObjectMapper();

  static Reply good(Map<String, Object> content) {
    return new Reply(200, content);
  }

  static Reply bad(String words) {
    return new Reply(500, Map.of("Err", words));
  }

  boolean isGood() {
    return status == 200;
  }

  String text() {
    try {
      return JSON.writeValueAsString(content);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("a map of plain values cannot fail to be written", e);
    }
  }

  byte[] bytes() {
    byte[] body = text().getBytes(UTF_8);
    byte[] head =
        "HTTP/1.1 %d %s\r\nContent-Type: application/vnd.docker.plugins.v1.2+json\r\nContent-Length: %d\r\n\r\n"
            .formatted(status, isGood() ? "OK" : "Error", body.length)
            .getBytes(UTF_8);
    byte[] all = new byte[head.length + body.length];
    System.arraycopy(head, 0, all, 0, head.length);
    System.arraycopy(body, 0, all, head.length, body.length);
    return all;
  }
}
