// SPDX-License-Identifier: Apache-2.0
package io.dvdi.driver.plugin;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.exc.StreamConstraintsException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.dvdi.json.JsonTree;
import java.io.IOException;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * Reads an answer token by token, and keeps only the fields that the module asks for. Everything
 * else is skipped, so memory does not grow with it. Volumes of a list are handed on one by one.
 */
final class AnswerReader {
  /** Far more than any of these has: a volume's mount IDs are the longest. */
  private static final int MOST_VALUES = 1_000;

  /** Of all kept values together, in characters. */
  private static final int MOST_TEXT = 64 * 1024;

  /** Of an error text, in characters. More is never shown. */
  static final int MOST_ERROR = 8 * 1024;

  static final String LIMITS =
      "the values that matter are more than %,d, or more than %d Ki characters, or nested deeper than %d"
          .formatted(MOST_VALUES, MOST_TEXT / 1024, Json.DEEPEST);

  private static final String ERROR = "Err";

  /** Paths of the fields that are kept, in lower case, with their names. */
  private static final Map<String, String> KEPT =
      Map.of(
          "err", ERROR,
          "implements", "Implements",
          "mountpoint", "Mountpoint",
          "volume", "Volume",
          "volume/name", "Name",
          "volume/mountpoint", "Mountpoint",
          "volume/status", "Status",
          "volume/status/mounts", "Mounts");

  /** Is told the volumes of a list, in their order. */
  interface Volumes {
    /** For answers that are no list. */
    Volumes UNUSED =
        new Volumes() {
          @Override
          public void volume(Optional<String> name) {
            // Nobody asked.
          }

          @Override
          public void notAList() {
            // Nobody asked.
          }
        };

    /**
     * One volume.
     *
     * @param name absent if it has none
     */
    void volume(Optional<String> name);

    /** The field is neither a list nor null. */
    void notAList();
  }

  private final JsonParser json;
  private final Volumes volumes;
  private int values;
  private int text;

  private AnswerReader(JsonParser json, Volumes volumes) {
    this.json = json;
    this.volumes = volumes;
  }

  /**
   * Reads one value to its end.
   *
   * @return what is kept of an object; empty if it is something else
   * @throws StreamConstraintsException if what has to be kept is too large
   * @throws IOException if it is not JSON, or if it cannot be read
   */
  static Optional<ObjectNode> read(JsonParser json, Volumes volumes) throws IOException {
    if (json.nextToken() != JsonToken.START_OBJECT) {
      json.skipChildren();
      return Optional.empty();
    }
    return Optional.of(new AnswerReader(json, volumes).object(""));
  }

  /** As Go reads it: the last one of a name wins, unless it is null. */
  private ObjectNode object(String path) throws IOException {
    ObjectNode object = Json.object();
    while (json.nextToken() == JsonToken.FIELD_NAME) {
      String name = json.currentName();
      String below = path + name.toLowerCase(Locale.ROOT);
      boolean ofError = path.startsWith("err/");
      json.nextToken();
      if (below.equals("volumes")) {
        list();
      } else if (json.currentToken() != JsonToken.VALUE_NULL
          && (ofError || KEPT.containsKey(below))) {
        object.set(ofError ? name : KEPT.getOrDefault(below, name), value(below));
      } else {
        json.skipChildren();
      }
    }
    return object;
  }

  private JsonNode value(String path) throws IOException {
    if (++values > MOST_VALUES) {
      throw new StreamConstraintsException(LIMITS);
    }
    return switch (json.currentToken()) {
      case START_OBJECT -> object(path + "/");
      case START_ARRAY -> {
        ArrayNode array = JsonNodeFactory.instance.arrayNode();
        while (json.nextToken() != JsonToken.END_ARRAY) {
          array.add(value(path));
        }
        yield array;
      }
      case VALUE_STRING -> JsonNodeFactory.instance.textNode(kept(path, json.getText()));
      default -> JsonTree.current(json);
    };
  }

  private String kept(String path, String value) throws StreamConstraintsException {
    String kept =
        path.equals("err") && value.length() > MOST_ERROR ? value.substring(0, MOST_ERROR) : value;
    text += kept.length();
    if (text > MOST_TEXT) {
      throw new StreamConstraintsException(LIMITS);
    }
    return kept;
  }

  private void list() throws IOException {
    if (json.currentToken() == JsonToken.START_ARRAY) {
      while (json.nextToken() != JsonToken.END_ARRAY) {
        volumes.volume(name());
      }
    } else if (json.currentToken() != JsonToken.VALUE_NULL) {
      volumes.notAList();
      json.skipChildren();
    }
  }

  private Optional<String> name() throws IOException {
    if (json.currentToken() != JsonToken.START_OBJECT) {
      json.skipChildren();
      return Optional.empty();
    }
    Optional<String> name = Optional.empty();
    while (json.nextToken() == JsonToken.FIELD_NAME) {
      boolean here = Json.is(json.currentName(), "Name");
      JsonToken value = json.nextToken();
      if (here && value == JsonToken.VALUE_STRING) {
        name = Optional.of(json.getText());
      } else {
        json.skipChildren();
      }
    }
    return name;
  }
}
