// SPDX-License-Identifier: Apache-2.0
package io.dvdi.json;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** It does what Jackson's ObjectMapper does. */
class JsonTreeTest {
  private static final String PLAIN =
      "{\"a\":[1,-9223372036854775808,\"\",[]],\"ö\\n💾\":{\"b\":true,\"c\":false,\"d\":{}}}";
  private static final ObjectMapper MAPPER = new ObjectMapper();
  private static final JsonFactory FACTORY = new JsonFactory();

  @ParameterizedTest
  @ValueSource(
      strings = {
        PLAIN,
        "null",
        "[null, 1.5, 1e3, 9223372036854775808, 123456789012345678901234567890]",
        "\"text\"",
        "{\"twice\": 1, \"twice\": 2}",
        " {} and something else",
        "",
      })
  void readsWhatTheMapperReads(String text) throws IOException {
    assertEquals(MAPPER.readTree(text), read(text));
  }

  @ParameterizedTest
  @ValueSource(strings = {"{", "[1,", "{\"a\"", "{\"a\":}", "]", "[1}", "nul", "{\"a\" 1}"})
  void refusesWhatIsNoJson(String text) {
    assertThrows(JsonProcessingException.class, () -> read(text));
  }

  @Test
  void writesWhatTheMapperWrites() throws IOException {
    JsonNode tree = MAPPER.readTree(PLAIN);
    assertArrayEquals(MAPPER.writeValueAsBytes(tree), JsonTree.bytes(FACTORY, tree));
    String pretty = new String(JsonTree.pretty(FACTORY, tree), UTF_8);
    assertTrue(pretty.contains("\n"), pretty);
    assertEquals(tree, read(pretty));
  }

  private static JsonNode read(String text) throws IOException {
    try (JsonParser json = FACTORY.createParser(text)) {
      return JsonTree.next(json);
    }
  }
}
