// SPDX-License-Identifier: Apache-2.0
package io.dvdi.checkpoint;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeType;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The fields of a JSON object, each with the type that it has to have. Messages never have a value:
 * it may be an option's.
 */
final class Fields {
  private final JsonNode object;

  /**
   * @throws IllegalArgumentException if it is no object
   */
  Fields(JsonNode object) {
    if (!object.isObject()) {
      throw new IllegalArgumentException("it is not a JSON object");
    }
    this.object = object;
  }

  String text(String name) {
    return field(name, JsonNodeType.STRING).textValue();
  }

  Optional<String> optionalText(String name) {
    return object.has(name) ? Optional.of(text(name)) : Optional.empty();
  }

  long number(String name) {
    JsonNode number = field(name, JsonNodeType.NUMBER);
    if (!number.canConvertToLong() || !number.isIntegralNumber()) {
      throw new IllegalArgumentException("its field %s is not a whole number".formatted(name));
    }
    return number.longValue();
  }

  boolean flag(String name) {
    return field(name, JsonNodeType.BOOLEAN).booleanValue();
  }

  Fields required(String name) {
    return new Fields(field(name, JsonNodeType.OBJECT));
  }

  Optional<Fields> object(String name) {
    return object.has(name) ? Optional.of(required(name)) : Optional.empty();
  }

  List<Fields> objects(String name) {
    List<Fields> all = new ArrayList<>();
    for (JsonNode one : field(name, JsonNodeType.ARRAY)) {
      all.add(new Fields(typed(one, name, JsonNodeType.OBJECT)));
    }
    return all;
  }

  List<String> list(String name) {
    List<String> all = new ArrayList<>();
    for (JsonNode one : field(name, JsonNodeType.ARRAY)) {
      all.add(typed(one, name, JsonNodeType.STRING).textValue());
    }
    return all;
  }

  Map<String, String> texts(String name) {
    Map<String, String> all = new LinkedHashMap<>();
    for (Map.Entry<String, JsonNode> one : field(name, JsonNodeType.OBJECT).properties()) {
      all.put(one.getKey(), typed(one.getValue(), name, JsonNodeType.STRING).textValue());
    }
    return all;
  }

  Map<String, String> optionalTexts(String name) {
    return object.has(name) ? texts(name) : Map.of();
  }

  private JsonNode field(String name, JsonNodeType type) {
    JsonNode value = object.get(name);
    if (value == null) {
      throw new IllegalArgumentException("its field %s is missing".formatted(name));
    }
    return typed(value, name, type);
  }

  private static JsonNode typed(JsonNode value, String name, JsonNodeType type) {
    if (value.getNodeType() != type) {
      throw new IllegalArgumentException(
          "its field %s has a %s where a %s belongs".formatted(name, value.getNodeType(), type));
    }
    return value;
  }
}
