// SPDX-License-Identifier: Apache-2.0
package io.dvdi.bench;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** Writes the table of the figures into docs/benchmarks.md, so that nobody types a number. */
final class Report {
  private static final String BEGIN = "<!-- bin/bench --charts writes what follows -->\n";
  private static final String END = "<!-- bin/bench --charts wrote this -->\n";

  private Report() {}

  static void write(JsonNode measured, List<Charts.Chart> charts, Path document)
      throws IOException {
    String text = Files.readString(document);
    int begin = text.indexOf(BEGIN);
    int end = text.indexOf(END);
    if (begin < 0 || end < begin) {
      throw new IOException(document + " has no place for the table: " + BEGIN.strip());
    }
    Files.writeString(
        document,
        text.substring(0, begin + BEGIN.length())
            + "\n"
            + table(measured)
            + pictures(charts)
            + "\n"
            + text.substring(end));
  }

  private static String pictures(List<Charts.Chart> charts) {
    StringBuilder pictures = new StringBuilder();
    for (Charts.Chart chart : charts) {
      pictures.append("%n![%s](benchmarks/%s.svg)%n".formatted(chart.title(), chart.file()));
    }
    return pictures.toString();
  }

  private static String table(JsonNode measured) {
    StringBuilder table =
        new StringBuilder("| figure | what | measured | at most |\n|---|---|---|---|\n");
    for (Map.Entry<String, JsonNode> entry : measured.path("figures").properties()) {
      JsonNode figure = entry.getValue();
      if (figure.path("value").isNumber()) {
        table.append(
            String.format(
                Locale.ROOT,
                "| `%s` | %s | %.2f%s | %s |%n",
                entry.getKey(),
                figure.path("what").asText(),
                figure.path("value").doubleValue(),
                figure.path("unit").asText().isEmpty() ? "" : " " + figure.path("unit").asText(),
                figure.path("most").isNumber()
                    ? figure.path("most").asText()
                        + (figure.path("reached").booleanValue() ? "" : ", not reached")
                    : ""));
      }
    }
    table.append("\nMeasured on: ");
    JsonNode machine = measured.path("measured");
    table.append(
        "commit %s, %s%s;%nLinux %s, %s, %s cores, Java %s.%n"
            .formatted(
                machine.path("commit").asText(),
                machine.path("date").asText(),
                machine.has("package") ? ", package " + machine.path("package").asText() : "",
                machine.path("kernel").asText(),
                machine.path("cpu").asText(),
                machine.path("cores").asText(),
                machine.path("java").asText()));
    return table.toString();
  }
}
