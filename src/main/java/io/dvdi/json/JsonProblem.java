// SPDX-License-Identifier: Apache-2.0
package io.dvdi.json;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.core.JsonLocation;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonStreamContext;
import com.fasterxml.jackson.core.exc.StreamConstraintsException;
import com.fasterxml.jackson.core.io.ContentReference;
import com.fasterxml.jackson.core.io.JsonEOFException;
import io.dvdi.volume.Text;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CoderResult;
import java.util.List;
import java.util.Map;

/**
 * Why a text is not JSON: the line, the column, and what to mend. Of the text itself only one
 * character or a field's name is quoted: a value may be a secret. Jackson's own messages quote
 * values, and speak of Jackson.
 */
public final class JsonProblem {
  /** By a part of Jackson's message; {@code %s} is the character that was met. */
  private static final List<Map.Entry<String, String>> WORDS =
      List.of(
          Map.entry("was expecting comma", "there is no comma before %s"),
          Map.entry("was expecting a colon", "there is no colon between a name and its value"),
          Map.entry("to start field name", "%s does not start a name in double quotes"),
          Map.entry("comment", "JSON has no comments"),
          Map.entry("in numeric value", "there is an invalid number"),
          Map.entry("Invalid numeric value", "there is an invalid number"),
          Map.entry("Illegal unquoted", "a string has a line break or another control character"),
          Map.entry(
              "character escape", "a string has an invalid escape; for a backslash, write \\\\"),
          Map.entry("no open", "%s closes nothing"),
          Map.entry("close marker", "%s does not close what was opened last"),
          Map.entry("expected a valid value", "%s does not start a value"),
          Map.entry("expected a value", "there is no value before %s"),
          Map.entry("token", "%s does not start a value; a string needs double quotes"));

  private JsonProblem() {}

  /** Explains why this text could not be read. */
  public static String explain(byte[] text, JsonProcessingException e) {
    int broken = firstThatIsNoUtf8(text);
    if (broken >= 0) {
      return place(text, broken) + ": this is not JSON: the text is not UTF-8";
    }
    if (e instanceof StreamConstraintsException || e.getLocation() == null) {
      return "this JSON is too large: it has a very long value or name, or is nested deeper than"
          + " 1000";
    }
    int offset = offset(text, e.getLocation());
    return place(text, offset) + ": this is not JSON: " + reason(text, offset, e);
  }

  /** Where a token is. */
  public static String place(byte[] text, JsonLocation location) {
    return place(text, offset(text, location));
  }

  /** Columns are counted in characters, as editors do; Jackson counts bytes. */
  private static String place(byte[] text, int offset) {
    String before = new String(text, 0, offset, UTF_8);
    String line = before.substring(before.lastIndexOf('\n') + 1);
    return "line %d, column %d"
        .formatted(
            before.chars().filter(c -> c == '\n').count() + 1,
            line.codePointCount(0, line.length()) + 1);
  }

  private static int offset(byte[] text, JsonLocation location) {
    int offset = (int) location.getByteOffset();
    if (offset < 0) {
      // Some have a line and a column only.
      offset = 0;
      for (int line = 1; line < location.getLineNr() && offset < text.length; offset++) {
        line += text[offset] == '\n' ? 1 : 0;
      }
      offset += location.getColumnNr() - 1;
    }
    offset = Math.min(Math.max(offset, 0), text.length);
    // Jackson may have gone on to the second byte of a character.
    while (offset > 0 && offset < text.length && (text[offset] & 0xc0) == 0x80) {
      offset--;
    }
    return offset;
  }

  private static int firstThatIsNoUtf8(byte[] text) {
    ByteBuffer bytes = ByteBuffer.wrap(text);
    CoderResult result =
        UTF_8.newDecoder().decode(bytes, CharBuffer.allocate(text.length + 1), true);
    return result.isError() ? bytes.position() : -1;
  }

  private static String reason(byte[] text, int offset, JsonProcessingException e) {
    JsonParser parser = e.getProcessor() instanceof JsonParser found ? found : null;
    String message = String.valueOf(e.getOriginalMessage());
    if (e instanceof JsonEOFException) {
      return "it ends too early" + (parser == null ? "" : unclosed(text, parser, message));
    }
    if (message.startsWith("Duplicate field") && parser != null) {
      return "an object has the name %s twice"
          .formatted(Text.quote(String.valueOf(parser.getParsingContext().getCurrentName())));
    }
    String words =
        WORDS.stream()
            .filter(entry -> message.contains(entry.getKey()))
            .map(Map.Entry::getValue)
            .findFirst()
            .orElse("%s cannot stand here");
    return words.replace("%s", characterAt(text, offset));
  }

  private static String unclosed(byte[] text, JsonParser parser, String message) {
    if (message.contains("VALUE_STRING") || message.contains("field name")) {
      return "; a string is not closed";
    }
    JsonStreamContext context = parser.getParsingContext();
    if (context.inRoot()) {
      return "";
    }
    return "; the %s of %s is not closed"
        .formatted(
            context.inArray() ? "[" : "{",
            place(text, context.startLocation(ContentReference.unknown())));
  }

  private static String characterAt(byte[] text, int offset) {
    if (offset == text.length) {
      return "the end";
    }
    String rest = new String(text, offset, Math.min(4, text.length - offset), UTF_8);
    return Text.quote(new String(Character.toChars(rest.codePointAt(0))));
  }
}
