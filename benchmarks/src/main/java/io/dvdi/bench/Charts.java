// SPDX-License-Identifier: Apache-2.0
package io.dvdi.bench;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import de.erichseifert.vectorgraphics2d.VectorGraphics2D;
import de.erichseifert.vectorgraphics2d.svg.SVGProcessor;
import de.erichseifert.vectorgraphics2d.util.PageSize;
import java.awt.Color;
import java.awt.geom.Rectangle2D;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.text.DecimalFormat;
import java.text.DecimalFormatSymbols;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jfree.chart.ChartFactory;
import org.jfree.chart.JFreeChart;
import org.jfree.chart.StandardChartTheme;
import org.jfree.chart.labels.StandardCategoryItemLabelGenerator;
import org.jfree.chart.plot.CategoryPlot;
import org.jfree.chart.plot.PlotOrientation;
import org.jfree.chart.renderer.category.BarRenderer;
import org.jfree.chart.renderer.category.LineAndShapeRenderer;
import org.jfree.chart.renderer.category.StandardBarPainter;
import org.jfree.data.category.DefaultCategoryDataset;

/** Draws what bin/bench has measured. */
final class Charts {
  /** A chart and its title. */
  record Chart(String file, String title) {}

  private static final int WIDTH = 760;
  private static final int LINES_HEIGHT = 340;
  private static final int BAR_HEIGHT = 28;

  private final JsonNode charts;
  private final Path folder;
  private final List<Chart> drawn = new ArrayList<>();

  Charts(JsonNode measured, Path folder) {
    this.charts = measured.path("charts");
    this.folder = folder;
  }

  /** Draws a file for each chart of which something was measured. */
  List<Chart> draw() throws IOException {
    Files.createDirectories(folder);
    bars("peers", "Prepare and cleanup of a volume, in ms", charts.path("peers"));
    lines(
        "mounts",
        "A prepare on a host with N mounts, in ms",
        List.of("mounts", "mounts, C program"));
    lines(
        "containers",
        "A prepare in an agent that holds N containers, in ms",
        List.of("containers, own", "containers, shared"));
    bars("agent", "What a volume adds to the state PREPARING, in ms", charts.path("agent"));
    bars("cold-and-warm", "Cold and warm, in ms", charts.path("cold and warm"));
    bars("memory", "Memory, in MiB", charts.path("memory"));
    stages();
    return drawn;
  }

  private void lines(String file, String title, List<String> names) throws IOException {
    DefaultCategoryDataset values = new DefaultCategoryDataset();
    for (String name : names) {
      for (Map.Entry<String, JsonNode> point : charts.path(name).properties()) {
        values.addValue(point.getValue().doubleValue(), name, point.getKey());
      }
    }
    if (values.getColumnCount() == 0) {
      return;
    }
    JFreeChart chart =
        ChartFactory.createLineChart(
            title, "", "", values, PlotOrientation.VERTICAL, true, false, false);
    LineAndShapeRenderer lines = (LineAndShapeRenderer) chart.getCategoryPlot().getRenderer();
    lines.setDefaultShapesVisible(true);
    write(file, title, chart, LINES_HEIGHT);
  }

  /** Of the stages only what a prepare consists of, not what it is compared with. */
  private void stages() throws IOException {
    ObjectNode of = Results.JSON.createObjectNode();
    for (Map.Entry<String, JsonNode> point : charts.path("stages").properties()) {
      String label = point.getKey();
      if (!label.startsWith("boundary.")
          && !label.startsWith("isolator.")
          && !label.startsWith("driver.ProgramBenchmark")) {
        of.set(label.replaceFirst("^.*Benchmark\\.", ""), point.getValue());
      }
    }
    bars("stages", "Stages of a prepare, each alone, in ms", of);
  }

  private void bars(String file, String title, JsonNode points) throws IOException {
    DefaultCategoryDataset values = new DefaultCategoryDataset();
    for (Map.Entry<String, JsonNode> point : points.properties()) {
      values.addValue(point.getValue().doubleValue(), "", point.getKey());
    }
    if (values.getColumnCount() == 0) {
      return;
    }
    JFreeChart chart =
        ChartFactory.createBarChart(
            title, "", "", values, PlotOrientation.HORIZONTAL, false, false, false);
    CategoryPlot plot = chart.getCategoryPlot();
    plot.getDomainAxis().setMaximumCategoryLabelWidthRatio(0.5f);
    plot.getRangeAxis().setUpperMargin(0.1); // for the labels
    BarRenderer bars = (BarRenderer) plot.getRenderer();
    bars.setDefaultItemLabelGenerator(
        new StandardCategoryItemLabelGenerator(
            "{2}", new DecimalFormat("0.###", DecimalFormatSymbols.getInstance(Locale.ROOT))));
    bars.setDefaultItemLabelsVisible(true);
    bars.setShadowVisible(false);
    write(file, title, chart, 80 + BAR_HEIGHT * values.getColumnCount());
  }

  private void write(String file, String title, JFreeChart chart, int height) throws IOException {
    // Plain colors: the default ones are gradients, which an SVG holds as pictures.
    StandardChartTheme theme = (StandardChartTheme) StandardChartTheme.createJFreeTheme();
    theme.setBarPainter(new StandardBarPainter());
    theme.setPlotBackgroundPaint(Color.WHITE);
    theme.setRangeGridlinePaint(Color.LIGHT_GRAY);
    theme.setDomainGridlinePaint(Color.LIGHT_GRAY);
    theme.apply(chart);
    VectorGraphics2D graphics = new VectorGraphics2D();
    chart.draw(graphics, new Rectangle2D.Double(0, 0, WIDTH, height));
    try (OutputStream out = Files.newOutputStream(folder.resolve(file + ".svg"))) {
      new SVGProcessor()
          .getDocument(graphics.getCommands(), new PageSize(WIDTH, height))
          .writeTo(out);
    }
    drawn.add(new Chart(file, title));
  }
}
