// SPDX-License-Identifier: Apache-2.0
package io.dvdi.bench;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** The JMH benchmarks: the boundary between C and Java, and each stage of a prepare alone. */
final class StagesPart {
  private static final String PACKAGE = "io.dvdi.";

  private final Settings settings;
  private final Results results;

  StagesPart(Settings settings, Results results) {
    this.settings = settings;
    this.results = results;
  }

  void measure() throws IOException {
    Path json = settings.target().resolve("bench-jmh.json");
    List<String> command =
        new ArrayList<>(
            List.of(
                settings.top().resolve("benchmarks/run").toString(),
                "-rf",
                "json",
                "-rff",
                json.toString()));
    if (!settings.full()) {
      command.addAll(List.of("-f", "1", "-wi", "2", "-w", "500ms", "-i", "3", "-r", "500ms"));
    }
    Path log = settings.target().resolve("bench-jmh.log");
    results.progress("stages: the JMH benchmarks, see " + log, 0, 1);
    try {
      Process run =
          new ProcessBuilder(command)
              .redirectErrorStream(true)
              .redirectOutput(log.toFile())
              .start();
      if (run.waitFor() != 0) {
        throw new IOException("benchmarks/run failed; see " + log);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return;
    }
    Rounds ffm = new Rounds();
    Rounds jni = new Rounds();
    for (JsonNode result : Results.JSON.readTree(json.toFile())) {
      String name = name(result);
      JsonNode metric = result.path("primaryMetric");
      double score = metric.path("score").doubleValue() * nanoseconds(metric);
      results.point("stages", name, score / 1e6);
      if (name.equals("boundary.BareUpcallBenchmark.ffm")) {
        metric.path("rawData").forEach(fork -> fork.forEach(raw -> ffm.add(raw.doubleValue())));
      } else if (name.equals("boundary.BareUpcallBenchmark.jni")) {
        metric.path("rawData").forEach(fork -> fork.forEach(raw -> jni.add(raw.doubleValue())));
      }
    }
    results.add(
        "upcall_vs_jni",
        Figure.ratio("a bare call into Java and back: FFM upcall / JNI", 2.0, ffm, jni, 50));
  }

  private static String name(JsonNode result) {
    StringBuilder name = new StringBuilder(result.path("benchmark").textValue());
    if (name.indexOf(PACKAGE) == 0) {
      name.delete(0, PACKAGE.length());
    }
    result.path("params").forEach(value -> name.append(' ').append(value.asText()));
    return name.toString();
  }

  private static double nanoseconds(JsonNode metric) {
    return switch (metric.path("scoreUnit").asText()) {
      case "ns/op" -> 1;
      case "us/op" -> 1e3;
      case "ms/op" -> 1e6;
      default -> throw new IllegalArgumentException("unknown unit: " + metric.path("scoreUnit"));
    };
  }
}
