// SPDX-License-Identifier: Apache-2.0
package io.dvdi.mesos;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;

/** JSON as the HTTP APIs of Mesos have it: their protobuf messages, field by field. */
final class Json {
  private static final ObjectMapper MAPPER = new ObjectMapper();

  private Json() {}

  static ObjectNode object() {
    return MAPPER.createObjectNode();
  }

  /** A message such as TaskID, which has one field {@code value}. */
  static ObjectNode value(String value) {
    return object().put("value", value);
  }

  static ObjectNode scalar(String name, double value) {
    ObjectNode resource = object().put("name", name).put("type", "SCALAR");
    resource.putObject("scalar").put("value", value);
    return resource;
  }

  static JsonNode read(String text) {
    try {
      return MAPPER.readTree(text);
    } catch (JsonProcessingException e) {
      throw new AssertionError("no JSON: " + text, e);
    }
  }
}
