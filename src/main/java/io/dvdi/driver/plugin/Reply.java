// SPDX-License-Identifier: Apache-2.0
package io.dvdi.driver.plugin;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import java.io.IOException;
import java.util.Optional;

/**
 * A plugin's whole answer.
 *
 * @param plugin who answered
 * @param failure the plugin's words, when it is not that all is well; absent when it is
 * @param content the object that came; empty if none came
 */
record Reply(Plugin plugin, Optional<String> failure, JsonNode content) {
  private static final int OK = 200;

  /** Judges an answer. What media type it claims to be is not asked: plugins claim all sorts. */
  static Reply of(Plugin plugin, int status, byte[] body) {
    JsonNode content = parse(body);
    Optional<String> said =
        Json.field(content, "Err")
            .map(error -> error.isTextual() ? error.textValue() : error.toString())
            .filter(error -> !error.isEmpty());
    if (said.isEmpty() && (status != OK || !content.isObject())) {
      String text = new String(body, UTF_8).strip();
      said =
          Optional.of(
              text.isEmpty()
                  ? "HTTP status %d and nothing else".formatted(status)
                  : "HTTP status %d, %s".formatted(status, text));
    }
    return new Reply(plugin, said, content);
  }

  private static JsonNode parse(byte[] body) {
    try {
      return Json.MAPPER.readTree(body);
    } catch (IOException e) {
      return MissingNode.getInstance();
    }
  }
}
