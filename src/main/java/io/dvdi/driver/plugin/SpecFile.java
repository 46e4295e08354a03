// SPDX-License-Identifier: Apache-2.0
package io.dvdi.driver.plugin;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import io.dvdi.json.JsonProblem;
import java.io.IOException;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Optional;

/**
 * A plugin's .json: {@code {"Name": …, "Addr": …, "TLSConfig": {"CAFile", "CertFile", "KeyFile",
 * "InsecureSkipVerify"}}}.
 */
final class SpecFile {
  private SpecFile() {}

  static PluginAddress json(byte[] content) throws SpecException {
    JsonNode json;
    try {
      json = Json.read(content);
    } catch (JsonProcessingException e) {
      throw new SpecException("cannot be used: " + JsonProblem.explain(content, e), e);
    } catch (IOException e) {
      throw new SpecException("is not JSON in UTF-8", e);
    }
    Optional<JsonNode> tls = Json.field(json, "TLSConfig");
    String address =
        Json.text(json, "Addr")
            .orElseThrow(
                () ->
                    new SpecException(
                        "has no Addr; write {\"Addr\": \"tcp://host:port\"} or another address"));
    return PluginAddress.parse(
        address, tls.isPresent() ? Optional.of(tls(tls.get())) : Optional.empty());
  }

  private static TlsSettings tls(JsonNode config) throws SpecException {
    Optional<JsonNode> skip = Json.field(config, "InsecureSkipVerify");
    if (skip.isPresent() && !skip.get().isBoolean()) {
      throw new SpecException("has an InsecureSkipVerify that is neither true nor false");
    }
    return new TlsSettings(
        file(config, "CAFile"),
        file(config, "CertFile"),
        file(config, "KeyFile"),
        skip.map(JsonNode::booleanValue).orElse(false));
  }

  private static Optional<Path> file(JsonNode config, String field) throws SpecException {
    try {
      return Json.text(config, field).filter(path -> !path.isEmpty()).map(Path::of);
    } catch (InvalidPathException e) {
      throw new SpecException("has a %s that is not a path".formatted(field), e);
    }
  }
}
