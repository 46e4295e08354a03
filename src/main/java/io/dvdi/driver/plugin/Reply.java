// SPDX-License-Identifier: Apache-2.0
package io.dvdi.driver.plugin;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import java.io.IOException;
import java.util.Optional;

/** A plugin's whole answer. */
final class Reply {
  private static final int OK = 200;

  private final Plugin plugin;
  private final byte[] body;
  private final boolean wellFormed;
  private final boolean readable;
  private final Optional<String> failure;

  private Reply(
      Plugin plugin, byte[] body, boolean wellFormed, boolean readable, Optional<String> failure) {
    this.plugin = plugin;
    this.body = body;
    this.wellFormed = wellFormed;
    this.readable = readable;
    this.failure = failure;
  }

  /**
   * Judges an answer without making a tree of it. What media type it claims to be is not asked:
   * plugins claim all sorts.
   */
  static Reply of(Plugin plugin, int status, byte[] body) {
    Optional<JsonNode> error = Optional.empty();
    boolean object;
    boolean wellFormed = true;
    try (JsonParser json = Json.MAPPER.createParser(body)) {
      object = json.nextToken() == JsonToken.START_OBJECT;
      if (object) {
        error = error(json);
      } else {
        json.skipChildren();
      }
    } catch (IOException e) {
      object = false;
      wellFormed = false;
    }
    Optional<String> said =
        error
            .map(node -> node.isTextual() ? node.textValue() : node.toString())
            .filter(text -> !text.isEmpty());
    if (said.isEmpty() && (status != OK || !object)) {
      String text = new String(body, UTF_8).strip();
      said =
          Optional.of(
              text.isEmpty()
                  ? "HTTP status %d and nothing else".formatted(status)
                  : "HTTP status %d, %s".formatted(status, text));
    }
    return new Reply(plugin, body, wellFormed, object || status != OK, said);
  }

  /** The value of Err, which may be any; reads to the object's end. */
  private static Optional<JsonNode> error(JsonParser json) throws IOException {
    Optional<JsonNode> error = Optional.empty();
    while (json.nextToken() == JsonToken.FIELD_NAME) {
      boolean here = Json.is(json.currentName(), "Err");
      json.nextToken();
      if (here) {
        JsonNode value = json.readValueAsTree();
        error = value == null || value.isNull() ? error : Optional.of(value);
      } else {
        json.skipChildren();
      }
    }
    return error;
  }

  /** Who answered. */
  Plugin plugin() {
    return plugin;
  }

  /**
   * Whether this is a success or a refusal. Else status 200 came with something that is no JSON
   * object, or only the start of one.
   */
  boolean isReadable() {
    return readable;
  }

  /** The plugin's words, when it is not that all is well; absent when it is. */
  Optional<String> failure() {
    return failure;
  }

  /** What came, as a tree, made anew each time; empty if nothing came that is JSON. */
  JsonNode content() {
    if (!wellFormed) {
      return MissingNode.getInstance();
    }
    try {
      return Json.MAPPER.readTree(body);
    } catch (IOException e) {
      return MissingNode.getInstance();
    }
  }

  /** What came, token by token, for answers of which a tree would be too large. */
  JsonParser tokens() throws IOException {
    return Json.MAPPER.createParser(body);
  }
}
