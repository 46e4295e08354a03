// SPDX-License-Identifier: Apache-2.0
package io.dvdi.bench;

import com.fasterxml.jackson.databind.JsonNode;
import java.awt.Color;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.knowm.xchart.CategoryChart;
import org.knowm.xchart.CategoryChartBuilder;
import org.knowm.xchart.VectorGraphicsEncoder;
import org.knowm.xchart.VectorGraphicsEncoder.VectorGraphicsFormat;
import org.knowm.xchart.XYChart;
import org.knowm.xchart.XYChartBuilder;
import org.knowm.xchart.style.Styler.LegendPosition;

/** Draws what bin/bench has measured. */
final class Charts {
  private static final int WIDTH = 760;
  private static final int HEIGHT = 340;

  private final JsonNode charts;
  private final Path folder;

  Charts(JsonNode measured, Path folder) {
    this.charts = measured.path("charts");
    this.folder = folder;
  }

  void draw() throws IOException {
    Files.createDirectories(folder);
    lines("mounts", "mounts on the host", List.of("mounts", "mounts, C program"));
    lines("containers", "containers held", List.of("containers, own", "containers, shared"));
    bars("peers", "peers", "prepare and cleanup, ms");
    bars("cold-and-warm", "cold and warm", "ms");
    bars("memory", "memory", "MiB");
    bars("agent", "agent", "added to PREPARING, ms");
    stages();
  }

  private void lines(String file, String x, List<String> names) throws IOException {
    XYChart chart =
        new XYChartBuilder()
            .width(WIDTH)
            .height(HEIGHT)
            .xAxisTitle(x)
            .yAxisTitle("prepare, ms")
            .build();
    chart.getStyler().setXAxisLogarithmic(true).setYAxisMin(0.0);
    chart
        .getStyler()
        .setLegendPosition(LegendPosition.InsideNW)
        .setChartBackgroundColor(Color.WHITE);
    boolean any = false;
    for (String name : names) {
      List<Double> at = new ArrayList<>();
      List<Double> values = new ArrayList<>();
      for (Map.Entry<String, JsonNode> point : charts.path(name).properties()) {
        at.add(Double.valueOf(point.getKey()));
        values.add(point.getValue().doubleValue());
      }
      if (!at.isEmpty()) {
        chart.addSeries(name, at, values);
        any = true;
      }
    }
    if (any) {
      VectorGraphicsEncoder.saveVectorGraphic(chart, path(file), VectorGraphicsFormat.SVG);
    }
  }

  private void bars(String file, String name, String unit) throws IOException {
    List<String> labels = new ArrayList<>();
    List<Double> values = new ArrayList<>();
    for (Map.Entry<String, JsonNode> point : charts.path(name).properties()) {
      labels.add(point.getKey());
      values.add(point.getValue().doubleValue());
    }
    bars(file, unit, labels, values);
  }

  /** Of the stages only what a prepare consists of, not what it is compared with. */
  private void stages() throws IOException {
    List<String> labels = new ArrayList<>();
    List<Double> values = new ArrayList<>();
    for (Map.Entry<String, JsonNode> point : charts.path("stages").properties()) {
      String label = point.getKey();
      if (!label.startsWith("boundary.")
          && !label.startsWith("isolator.")
          && !label.startsWith("driver.ProgramBenchmark")) {
        labels.add(label.replaceFirst("^.*Benchmark\\.", ""));
        values.add(point.getValue().doubleValue());
      }
    }
    bars("stages", "ms", labels, values);
  }

  private void bars(String file, String unit, List<String> labels, List<Double> values)
      throws IOException {
    if (labels.isEmpty()) {
      return;
    }
    CategoryChart chart =
        new CategoryChartBuilder()
            .width(WIDTH)
            .height(HEIGHT)
            .xAxisTitle("")
            .yAxisTitle(unit)
            .build();
    chart.getStyler().setLegendVisible(false).setChartBackgroundColor(Color.WHITE);
    chart.getStyler().setLabelsVisible(true).setXAxisLabelRotation(labels.size() > 6 ? 45 : 0);
    chart.addSeries(unit, labels, values);
    VectorGraphicsEncoder.saveVectorGraphic(chart, path(file), VectorGraphicsFormat.SVG);
  }

  private String path(String file) {
    return folder.resolve(file + ".svg").toString();
  }
}
