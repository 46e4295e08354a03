// SPDX-License-Identifier: Apache-2.0
package io.dvdi.driver.plugin;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.exc.StreamConstraintsException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.InputStream;
import java.util.Optional;

/**
 * What is kept of a plugin's answer.
 *
 * @param plugin who answered
 * @param isReadable whether this is a success or a refusal. Else status 200 came with something
 *     that is no JSON object, or only the start of one, or too large
 * @param failure the plugin's words, when it is not that all is well; absent when it is
 * @param content the fields that matter, see {@link AnswerReader}; empty if it is no JSON object
 */
record Reply(Plugin plugin, boolean isReadable, Optional<String> failure, JsonNode content) {
  private static final int OK = 200;

  /**
   * Reads an answer to its end. What media type it claims to be is not asked: plugins claim all
   * sorts.
   *
   * @throws IOException if it did not come as a whole
   */
  static Reply read(Plugin plugin, int status, InputStream stream, AnswerReader.Volumes volumes)
      throws IOException {
    AnswerBody body = new AnswerBody(stream);
    Optional<ObjectNode> object = Optional.empty();
    String problem = "";
    try (JsonParser json = Json.FACTORY.createParser(body)) {
      object = AnswerReader.read(json, volumes);
    } catch (StreamConstraintsException e) {
      problem = "an answer that is too large (" + AnswerReader.LIMITS + "): ";
    } catch (IOException e) {
      // It is no JSON, or the connection broke, which shows next.
    }
    body.drain();
    Optional<String> said =
        object
            .map(fields -> fields.path("Err"))
            .filter(error -> !error.isMissingNode())
            .map(error -> error.isTextual() ? error.textValue() : error.toString())
            .filter(text -> !text.isEmpty());
    if (said.isEmpty() && (status != OK || object.isEmpty())) {
      String start = body.start();
      said =
          Optional.of(
              start.isEmpty()
                  ? "HTTP status %d and nothing else".formatted(status)
                  : "HTTP status %d, %s%s".formatted(status, problem, start));
    }
    return new Reply(
        plugin,
        object.isPresent() || status != OK,
        said,
        object.<JsonNode>map(fields -> fields).orElseGet(MissingNode::getInstance));
  }
}
