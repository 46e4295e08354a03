// SPDX-License-Identifier: Apache-2.0
package io.dvdi;

import static java.util.stream.Collectors.joining;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Readers of the Markdown files find what links promise, and can read them in an editor. */
class DocumentsTest {
  private static final int COLUMNS = 120;
  private static final Pattern LINK = Pattern.compile("\\[[^\\]]*\\]\\(([^)\\s]+)\\)");
  private static final Pattern LINK_ALONE = Pattern.compile("\\W*" + LINK + "\\W*");
  private static final Pattern HEADING = Pattern.compile("#{1,6} +(.*)");
  private static final Pattern PARAMETER = Pattern.compile("\\| `([a-z_.]+)` \\|.*\\| (.*) \\|");

  @Test
  void everyLinkLeadsSomewhere() throws IOException {
    Set<String> broken = new TreeSet<>();
    int links = 0;
    for (Path document : documents()) {
      // A link's text may go on in the next line.
      Matcher link = LINK.matcher(withoutCode(document).collect(joining(" ")));
      while (link.find()) {
        links++;
        if (!leadsSomewhere(document, link.group(1))) {
          broken.add(document + ": " + link.group(1));
        }
      }
    }
    assertEquals(Set.of(), broken);
    assertTrue(links > 50, links + " links were found");
  }

  @Test
  void proseIsWrapped() throws IOException {
    List<String> tooLong = new ArrayList<>();
    for (Path document : documents()) {
      withoutCode(document)
          .filter(line -> columns(line) > COLUMNS)
          .filter(line -> !line.startsWith("|") && !LINK_ALONE.matcher(line).matches())
          .forEach(line -> tooLong.add(document + ": " + line));
    }
    assertEquals(List.of(), tooLong);
  }

  @Test
  void readmeIsShort() throws IOException {
    List<String> lines = Files.readAllLines(Path.of("README.md"));
    assertTrue(lines.size() <= 150, lines.size() + " lines");
    // Its tables and code too: it is the page that is read in a terminal.
    assertEquals(List.of(), lines.stream().filter(line -> columns(line) > COLUMNS).toList());
  }

  @Test
  void allParametersAreDocumentedWithTheirDefaults() throws IOException {
    Map<String, String> expected = new TreeMap<>();
    JsonNode example = new ObjectMapper().readTree(Path.of("modules.json.example").toFile());
    for (JsonNode parameter : example.at("/libraries/0/modules/0/parameters")) {
      expected.put(parameter.required("key").textValue(), parameter.required("value").textValue());
    }
    Map<String, String> documented = new TreeMap<>();
    for (String line : Files.readAllLines(Path.of("docs/parameters.md"))) {
      Matcher parameter = PARAMETER.matcher(line);
      if (parameter.matches()) {
        String byDefault = parameter.group(2);
        // In words where modules.json has nothing: none, all, the newest Java.
        documented.put(
            parameter.group(1), byDefault.matches("`[^`]*`") ? byDefault.replace("`", "") : "");
      }
    }
    assertEquals(expected, documented);
  }

  private static List<Path> documents() throws IOException {
    try (Stream<Path> files = Files.walk(Path.of(""))) {
      return files
          .filter(file -> file.toString().endsWith(".md"))
          .filter(file -> !file.startsWith("target"))
          .sorted()
          .toList();
    }
  }

  private static long columns(String line) {
    return line.codePoints().count();
  }

  /** The lines outside of blocks of code. */
  private static Stream<String> withoutCode(Path document) throws IOException {
    List<String> prose = new ArrayList<>();
    boolean fenced = false;
    for (String line : Files.readAllLines(document)) {
      if (line.strip().startsWith("```")) {
        fenced = !fenced;
      } else if (!fenced && !line.startsWith("    ")) {
        prose.add(line);
      }
    }
    return prose.stream();
  }

  private static boolean leadsSomewhere(Path document, String target) throws IOException {
    if (target.contains("://")) {
      return true;
    }
    int hash = target.indexOf('#');
    String path = hash < 0 ? target : target.substring(0, hash);
    Path file = path.isEmpty() ? document : document.resolveSibling(path).normalize();
    if (file.isAbsolute() || file.startsWith("..") || file.startsWith("target")) {
      return false;
    }
    return hash < 0 ? Files.exists(file) : anchors(file).contains(target.substring(hash + 1));
  }

  /** The anchors that GitHub makes of headings. */
  private static Set<String> anchors(Path file) throws IOException {
    Set<String> anchors = new LinkedHashSet<>();
    if (!Files.isRegularFile(file)) {
      return anchors;
    }
    Map<String, Integer> times = new HashMap<>();
    withoutCode(file)
        .map(HEADING::matcher)
        .filter(Matcher::matches)
        .map(heading -> LINK.matcher(heading.group(1)).replaceAll(""))
        .map(text -> text.toLowerCase(Locale.ROOT).replaceAll("[^\\p{L}\\p{N}_ -]", ""))
        .map(text -> text.strip().replace(' ', '-'))
        .forEach(
            anchor -> {
              int before = times.merge(anchor, 1, Integer::sum) - 1;
              anchors.add(before == 0 ? anchor : anchor + "-" + before);
            });
    return anchors;
  }
}
