// SPDX-License-Identifier: Apache-2.0
package io.dvdi.bench;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** The figures of a run, and what they were measured on. */
final class Results {
  static final ObjectMapper JSON =
      JsonMapper.builder().enable(SerializationFeature.INDENT_OUTPUT).build();

  private final Map<String, Figure> figures = new LinkedHashMap<>();
  private final Map<String, Map<String, Double>> series = new LinkedHashMap<>();
  private final List<String> notes = new ArrayList<>();

  void add(String key, Figure figure) {
    figures.put(key, figure);
    System.err.printf("%n  %s%n", line(key, figure));
  }

  /** A point of a chart: a median in ms. */
  void point(String chart, String label, double milliseconds) {
    series.computeIfAbsent(chart, any -> new LinkedHashMap<>()).put(label, milliseconds);
  }

  /** A result that is not a number. */
  void note(String text) {
    notes.add(text);
    System.err.printf("%n  %s%n", text);
  }

  /** Shows how far a part has come. */
  void progress(String what, int done, int all) {
    System.err.printf("\r\033[K%s: %d of %d", what, done + 1, all);
  }

  String table() {
    StringBuilder table = new StringBuilder();
    figures.forEach((key, figure) -> table.append(line(key, figure)).append('\n'));
    notes.forEach(note -> table.append(note).append('\n'));
    return table.toString();
  }

  private static String line(String key, Figure figure) {
    if (figure.value() == null) {
      return String.format(Locale.ROOT, "%-28s not measured: %s", key, figure.missing());
    }
    String most =
        figure.most() == null
            ? ""
            : String.format(
                Locale.ROOT,
                " (at most %s: %s)",
                figure.most(),
                figure.isReached() ? "reached" : "not reached");
    return String.format(
        Locale.ROOT, "%-28s %8.3f %-2s%s", key, figure.value(), figure.unit(), most);
  }

  /** Writes what bin/bench --compare and --charts read. */
  void write(Path file, ObjectNode measuredOn) throws IOException {
    ObjectNode root = JSON.createObjectNode();
    root.set("measured", measuredOn);
    ObjectNode all = root.putObject("figures");
    figures.forEach((key, figure) -> write(all.putObject(key), figure));
    root.set("notes", JSON.valueToTree(notes));
    root.set("charts", JSON.valueToTree(series));
    Files.writeString(file, JSON.writeValueAsString(root) + "\n");
  }

  private static void write(ObjectNode node, Figure figure) {
    node.put("what", figure.what());
    node.put("unit", figure.unit());
    node.put("most", figure.most());
    node.put("value", figure.value());
    node.put("reached", figure.value() == null ? null : (Boolean) figure.isReached());
    if (!figure.missing().isEmpty()) {
      node.put("missing", figure.missing());
    }
    numbers(node.putArray("ours"), figure.ours());
    numbers(node.putArray("other"), figure.other());
  }

  private static void numbers(ArrayNode array, List<Double> numbers) {
    numbers.forEach(array::add);
  }
}
