// SPDX-License-Identifier: Apache-2.0
package io.dvdi.json;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.MissingNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.Map;

/**
 * Reads and writes trees by Jackson's parser and generator. Jackson's ObjectMapper does that too,
 * but an agent would load 300 classes more for it.
 */
public final class JsonTree {
  private static final JsonNodeFactory NODES = JsonNodeFactory.instance;

  private JsonTree() {}

  /**
   * Reads the next value. What follows it is not read.
   *
   * @return a missing node if there is none
   */
  public static JsonNode next(JsonParser json) throws IOException {
    return json.nextToken() == null ? MissingNode.getInstance() : current(json);
  }

  /** Reads the value of which the parser has read the first token. */
  public static JsonNode current(JsonParser json) throws IOException {
    return switch (json.currentToken()) {
      case START_OBJECT -> {
        ObjectNode object = NODES.objectNode();
        while (json.nextToken() == JsonToken.FIELD_NAME) {
          String name = json.currentName();
          object.set(name, next(json));
        }
        yield object;
      }
      case START_ARRAY -> {
        ArrayNode array = NODES.arrayNode();
        while (json.nextToken() != JsonToken.END_ARRAY) {
          array.add(current(json));
        }
        yield array;
      }
      case VALUE_STRING -> NODES.textNode(json.getText());
      case VALUE_NUMBER_INT ->
          switch (json.getNumberType()) {
            case INT -> NODES.numberNode(json.getIntValue());
            case LONG -> NODES.numberNode(json.getLongValue());
            default -> NODES.numberNode(json.getBigIntegerValue());
          };
      case VALUE_NUMBER_FLOAT -> NODES.numberNode(json.getDoubleValue());
      case VALUE_TRUE -> NODES.booleanNode(true);
      case VALUE_FALSE -> NODES.booleanNode(false);
      case VALUE_NULL -> NODES.nullNode();
      default -> throw new IllegalStateException("no value starts with " + json.currentToken());
    };
  }

  /**
   * Writes a tree in UTF-8, on one line.
   *
   * @param tree of objects, lists, texts, flags, and whole numbers that fit a long
   */
  public static byte[] bytes(JsonFactory factory, JsonNode tree) {
    return written(factory, tree, false);
  }

  /** The same, on lines for people. */
  public static byte[] pretty(JsonFactory factory, JsonNode tree) {
    return written(factory, tree, true);
  }

  private static byte[] written(JsonFactory factory, JsonNode tree, boolean pretty) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (JsonGenerator json = factory.createGenerator(bytes)) {
      if (pretty) {
        json.useDefaultPrettyPrinter();
      }
      write(json, tree);
    } catch (IOException e) {
      throw new IllegalStateException("a tree of plain values cannot fail to be written", e);
    }
    return bytes.toByteArray();
  }

  private static void write(JsonGenerator json, JsonNode node) throws IOException {
    switch (node.getNodeType()) {
      case OBJECT -> {
        json.writeStartObject();
        for (Map.Entry<String, JsonNode> field : node.properties()) {
          json.writeFieldName(field.getKey());
          write(json, field.getValue());
        }
        json.writeEndObject();
      }
      case ARRAY -> {
        json.writeStartArray();
        for (JsonNode element : node) {
          write(json, element);
        }
        json.writeEndArray();
      }
      case STRING -> json.writeString(node.textValue());
      case NUMBER -> json.writeNumber(node.longValue());
      case BOOLEAN -> json.writeBoolean(node.booleanValue());
      default -> throw new IllegalArgumentException("not written: " + node.getNodeType());
    }
  }
}
