// SPDX-License-Identifier: Apache-2.0
package io.dvdi.json;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_16;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class JsonProblemTest {
  private static final ObjectMapper MAPPER =
      JsonMapper.builder().enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION).build();

  private static String explain(byte[] text) {
    JsonProcessingException e =
        assertThrows(JsonProcessingException.class, () -> MAPPER.readTree(text));
    return JsonProblem.explain(text, e);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "{                     | 1, column 2  | it ends too early; the { of line 1, column 1 is not"
            + " closed",
        "{\\n"
            + " 'a': [1          | 2, column 9  | it ends too early; the [ of line 2, column 7 is"
            + " not closed",
        "{'a': 'x              | 1, column 9  | it ends too early; a string is not closed",
        "{'a                   | 1, column 4  | it ends too early; a string is not closed",
        "{'a': 1, }            | 1, column 10 | '}' does not start a name in double quotes",
        "{a: 1}                | 1, column 2  | 'a' does not start a name in double quotes",
        "{'ä': 'ö', ü}         | 1, column 12 | 'ü' does not start a name in double quotes",
        "{'a' 1}               | 1, column 6  | there is no colon between a name and its value",
        "{'a': }               | 1, column 7  | there is no value before '}'",
        "{'a': 1 'b': 2}       | 1, column 9  | there is no comma before '\"'",
        "[1,]                  | 1, column 4  | there is no value before ']'",
        "[1}                   | 1, column 3  | '}' does not close what was opened last",
        "}                     | 1, column 1  | '}' closes nothing",
        "{'a': yes}            | 1, column 7  | 'y' does not start a value; a string needs double"
            + " quotes",
        "<html>                | 1, column 1  | '<' does not start a value",
        "{\\n'a': 1,\\n'a': 2} | 3, column 4  | an object has the name 'a' twice",
        "{'a': 01}             | 1, column 8  | there is an invalid number",
        "{'a': +1}             | 1, column 8  | there is an invalid number",
        "{'a': '\\q'}          | 1, column 9  | a string has an invalid escape; for a backslash,"
            + " write \\\\",
        "{'a': 'x\\n"
            + "y'}        | 1, column 9  | a string has a line break or another control character",
        "{ // x\\n}            | 1, column 3  | JSON has no comments",
      })
  void placeAndReasonAreSaid(String text, String place, String reason) {
    byte[] bytes = text.replace('\'', '"').replace("\\n", "\n").getBytes(UTF_8);
    assertEquals("line " + place + ": this is not JSON: " + reason, explain(bytes));
  }

  @Test
  void anotherEncodingIsSaid() {
    assertEquals(
        "line 1, column 3: this is not JSON: the text is not UTF-8",
        explain("{\"ä\": 1}".getBytes(ISO_8859_1)));
    assertEquals(
        "line 1, column 1: this is not JSON: the text is not UTF-8", explain("{".getBytes(UTF_16)));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{'p': s3cret}",
        "{'p': 's3cret",
        "{'p': 's3cret\n'}",
        "{'p': 's3cret' 's3cret'}",
        "{'p': 's3cret\\q'}",
        "{'p': 77s3cret}",
        "{'p': 's3cret'",
      })
  void noValueAndNothingOfTheParserIsQuoted(String text) {
    String why = explain(text.replace('\'', '"').getBytes(UTF_8));
    assertFalse(why.contains("s3cret") || why.contains("Source") || why.contains("REDACTED"), why);
  }
}
