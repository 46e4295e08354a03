// SPDX-License-Identifier: Apache-2.0
package io.dvdi.driver.plugin;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.dvdi.json.JsonTree;
import java.io.IOException;
import java.util.Map;
import java.util.Optional;

/**
 * JSON as Go's encoding/json reads it, which is what plugins are tried with: keys in any case, null
 * as if absent.
 */
final class Json {
  /** How deep objects and lists may be nested. */
  static final int DEEPEST = 100;

  /** Of a string or a name, in characters. A string that is skipped may be longer. */
  private static final int LONGEST = 64 * 1024;

  static final JsonFactory FACTORY =
      JsonFactory.builder()
          // Names come from outside, and an interned one is never forgotten.
          .disable(JsonFactory.Feature.INTERN_FIELD_NAMES)
          .streamReadConstraints(
              StreamReadConstraints.builder()
                  .maxNestingDepth(DEEPEST)
                  .maxStringLength(LONGEST)
                  .maxNameLength(LONGEST)
                  .build())
          .build();

  private Json() {}

  /** An object without fields. */
  static ObjectNode object() {
    return JsonNodeFactory.instance.objectNode();
  }

  /** Reads the first value of a file; what follows it is ignored, as Docker does. */
  static JsonNode read(byte[] content) throws IOException {
    try (JsonParser json = FACTORY.createParser(content)) {
      return JsonTree.next(json);
    }
  }

  /** Whether a key is this one. */
  static boolean is(String key, String name) {
    return key.equalsIgnoreCase(name);
  }

  /** The value of a key, when the node is an object that has one. */
  static Optional<JsonNode> field(JsonNode object, String name) {
    JsonNode exact = object.get(name);
    if (exact != null) {
      return Optional.of(exact).filter(value -> !value.isNull());
    }
    for (Map.Entry<String, JsonNode> entry : object.properties()) {
      if (is(entry.getKey(), name)) {
        return Optional.of(entry.getValue()).filter(value -> !value.isNull());
      }
    }
    return Optional.empty();
  }

  /** The text of a key; absent when it is something else. */
  static Optional<String> text(JsonNode object, String name) {
    return field(object, name).filter(JsonNode::isTextual).map(JsonNode::textValue);
  }
}
