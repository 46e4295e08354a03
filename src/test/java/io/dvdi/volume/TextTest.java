// SPDX-License-Identifier: Apache-2.0
package io.dvdi.volume;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TextTest {
  @ParameterizedTest
  @ValueSource(
      strings = {"", "a b", "größe 5 GiB, 大きい, \uD83D\uDCBE", "/srv/two  blanks", "50% {} \\ \"'"})
  void ordinaryTextStaysAsItIs(String text) {
    assertEquals(text, Text.line(text));
  }

  @ParameterizedTest
  @ValueSource(strings = {"\n", "\r\n", "\t", "\0", "\u001b", "\u007f", "\u0085", "\u009b"})
  void controlCharactersAreBlanks(String control) {
    assertEquals("a b", Text.line("a" + control + "b"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"\u2028", "\u2029", "\u00a0", "\u3000", " \n ", "\n\u2028\n"})
  void otherWhiteSpaceIsBlank(String space) {
    assertEquals("a b", Text.line("a" + space + "b").replace("  ", " "));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "\u202a",
        "\u202b",
        "\u202c",
        "\u202d",
        "\u202e",
        "\u2066",
        "\u2069",
        "\u200e",
        "\u200f",
        "\u061c",
        "\u200b",
        "\u200c",
        "\u200d",
        "\u2060",
        "\ufeff",
        "\u00ad",
        "\uDB40\uDC41"
      })
  void whatCannotBeSeenIsAQuestionMark(String invisible) {
    assertEquals("a?b", Text.line("a" + invisible + "b"));
    assertEquals("'a?b'", Text.quote("a" + invisible + "b"));
  }

  @Test
  void halvesOfSurrogatePairsAreQuestionMarks() {
    assertEquals("a?b", Text.line("a" + '\ud83d' + "b"));
    assertEquals("a?b", Text.line("a" + '\udcbe' + "b"));
    assertEquals("?", Text.line("" + '\ud83d'));
  }
}
