// SPDX-License-Identifier: Apache-2.0
package io.dvdi.mesos;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;

/** Plain requests to a master or an agent on this host. */
final class Http {
  private static final HttpClient CLIENT =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

  private Http() {}

  static URI at(int port, String path) {
    return URI.create("http://127.0.0.1:" + port + path);
  }

  static JsonNode get(int port, String path) throws IOException, InterruptedException {
    HttpRequest request =
        HttpRequest.newBuilder(at(port, path)).timeout(Duration.ofSeconds(30)).build();
    var response = CLIENT.send(request, BodyHandlers.ofString());
    if (response.statusCode() != 200) {
      throw new IOException(path + ": " + response.statusCode() + " " + response.body());
    }
    return Json.read(response.body());
  }

  /** A call of the v1 API, and what it is answered, if anything. */
  static JsonNode post(int port, JsonNode call) throws IOException, InterruptedException {
    HttpRequest request =
        HttpRequest.newBuilder(at(port, "/api/v1"))
            .timeout(Duration.ofSeconds(60))
            .header("Content-Type", "application/json")
            .header("Accept", "application/json")
            .POST(BodyPublishers.ofString(call.toString()))
            .build();
    var response = CLIENT.send(request, BodyHandlers.ofString());
    if (response.statusCode() != 200) {
      throw new IOException(
          call.path("type").asText() + ": " + response.statusCode() + " " + response.body());
    }
    return response.body().isEmpty() ? Json.object() : Json.read(response.body());
  }
}
