// SPDX-License-Identifier: Apache-2.0
package io.dvdi.bench;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** Compares two files that bin/bench has written. */
final class Comparison {
  private Comparison() {}

  static List<String> of(Path before, Path after) throws IOException {
    JsonNode old = Results.JSON.readTree(before.toFile()).path("figures");
    JsonNode next = Results.JSON.readTree(after.toFile()).path("figures");
    List<String> lines = new ArrayList<>();
    for (Map.Entry<String, JsonNode> figure : next.properties()) {
      double[] left = rounds(old.path(figure.getKey()));
      double[] right = rounds(figure.getValue());
      if (left.length < 2 || right.length < 2) {
        lines.add("%-28s not measured in rounds by both".formatted(figure.getKey()));
        continue;
      }
      Interval interval = Interval.of(left, right);
      lines.add(
          String.format(
              Locale.ROOT,
              "%-28s new / old = %.3f (95 %%: %.3f to %.3f)  %s",
              figure.getKey(),
              interval.ratio(),
              interval.low(),
              interval.high(),
              interval.isDifferent()
                  ? interval.ratio() < 1 ? "less" : "more"
                  : "no more than noise"));
    }
    return lines;
  }

  /**
   * For a figure that is a ratio, the ratio in each round: how fast the machine is then makes no
   * difference.
   */
  private static double[] rounds(JsonNode figure) {
    double[] ours = numbers(figure.path("ours"));
    double[] other = numbers(figure.path("other"));
    if (other.length == 0) {
      return ours;
    }
    double[] ratios = new double[Math.min(ours.length, other.length)];
    Arrays.setAll(ratios, i -> ours[i] / other[i]);
    return ratios;
  }

  private static double[] numbers(JsonNode array) {
    double[] numbers = new double[array.size()];
    Arrays.setAll(numbers, i -> array.get(i).doubleValue());
    return numbers;
  }
}
