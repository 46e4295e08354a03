// SPDX-License-Identifier: Apache-2.0
package io.dvdi.marathon;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeType;
import io.dvdi.volume.Text;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A value of the app, together with its place, so that every complaint about it can say where it
 * stands: {@code container.volumes[0].external.options['dvdi/driver']}.
 *
 * @param path empty for the whole app
 */
record JsonField(String path, JsonNode node) {
  static JsonField root(JsonNode node) {
    JsonField root = new JsonField("", node);
    root.expect(JsonNodeType.OBJECT, "an object, one app");
    return root;
  }

  /** What is wrong with this value. */
  InvalidAppException invalid(String why) {
    return new InvalidAppException((path.isEmpty() ? "the app " : path + " ") + why);
  }

  /** A field of this object. Null counts as absent, as in Marathon. */
  Optional<JsonField> find(String name) {
    JsonNode value = node.get(name);
    return value == null || value.isNull()
        ? Optional.empty()
        : Optional.of(new JsonField(at(name), value));
  }

  /**
   * A field that has to be there.
   *
   * @param example what to write
   */
  JsonField require(String name, String example) {
    return find(name)
        .orElseThrow(() -> new JsonField(at(name), node).invalid("is missing; write " + example));
  }

  private String at(String name) {
    boolean plain =
        !name.isEmpty() && name.chars().allMatch(c -> c == '_' || Character.isLetterOrDigit(c));
    if (!plain) {
      return path + "[" + Text.quote(name) + "]";
    }
    return path.isEmpty() ? name : path + "." + name;
  }

  /** Itself, when it is an object. */
  JsonField object() {
    return expect(JsonNodeType.OBJECT, "an object");
  }

  /** The fields of this object, in their order; null counts as a value. */
  List<Map.Entry<String, JsonField>> fields() {
    List<Map.Entry<String, JsonField>> fields = new ArrayList<>();
    for (Map.Entry<String, JsonNode> field : object().node.properties()) {
      JsonField value = new JsonField(at(field.getKey()), field.getValue());
      value.checkText(field.getKey());
      fields.add(Map.entry(field.getKey(), value));
    }
    return fields;
  }

  /** The elements of this array. */
  List<JsonField> elements() {
    expect(JsonNodeType.ARRAY, "an array");
    List<JsonField> elements = new ArrayList<>();
    for (JsonNode element : node) {
      elements.add(new JsonField(path + "[" + elements.size() + "]", element));
    }
    return elements;
  }

  String text() {
    expect(JsonNodeType.STRING, "a string");
    checkText(node.textValue());
    return node.textValue();
  }

  boolean truth() {
    return expect(JsonNodeType.BOOLEAN, "true or false, without quotes").node.booleanValue();
  }

  /** A whole number that is not negative. */
  long count() {
    expect(JsonNodeType.NUMBER, "a whole number");
    if (!node.isIntegralNumber() || !node.canConvertToLong() || node.longValue() < 0) {
      throw invalid(
          "is %s; write a whole number that is not negative".formatted(Text.quote(node.asText())));
    }
    return node.longValue();
  }

  JsonField expect(JsonNodeType type, String wanted) {
    if (node.getNodeType() != type) {
      // Not the value itself: it may be a secret.
      throw invalid("is %s; it has to be %s".formatted(kind(), wanted));
    }
    return this;
  }

  private String kind() {
    return switch (node.getNodeType()) {
      case OBJECT -> "an object";
      case ARRAY -> "an array";
      case STRING -> "a string";
      case NUMBER -> "a number";
      case BOOLEAN -> "true or false";
      case NULL -> "null";
      default -> "empty";
    };
  }

  /**
   * JSON can write what neither a C string nor UTF-8 can hold: NUL, and one half of a surrogate
   * pair.
   */
  private void checkText(String text) {
    if (text.indexOf('\0') >= 0
        || text.codePoints()
            .anyMatch(c -> c >= Character.MIN_SURROGATE && c <= Character.MAX_SURROGATE)) {
      throw invalid("has a NUL character (\\u0000) or half of a surrogate pair in it; remove it");
    }
  }
}
