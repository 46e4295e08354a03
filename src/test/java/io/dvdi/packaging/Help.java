// SPDX-License-Identifier: Apache-2.0
package io.dvdi.packaging;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.dvdi.cli.volume.VolumeCommandLine;
import io.dvdi.testing.RealMounts;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.util.Arrays;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** What the programs' help says about their commands and options. */
final class Help {
  private static final Pattern SYNOPSIS = Pattern.compile("(?:Usage:)? +bin/dvdi ([a-z]+) (.*)");
  private static final Pattern OPTION = Pattern.compile("--([a-z-]+)");
  private static final Pattern FLAG = Pattern.compile(" +(?:-h, )?--([a-z]+)[\\[=].*");
  private static final Pattern COMMAND = Pattern.compile("  ([a-z]+) +[A-Z].*");

  private Help() {}

  static Set<String> all(Pattern pattern, String text) {
    return pattern
        .matcher(text)
        .results()
        .map(result -> result.group(1))
        .collect(Collectors.toCollection(TreeSet::new));
  }

  /** The options of each command of dvdi that has some of its own. */
  static Map<String, Set<String>> dvdi() throws Exception {
    TreeMap<String, Set<String>> synopsis = new TreeMap<>();
    TreeMap<String, Set<String>> described = new TreeMap<>();
    String command = "";
    for (String line : RealMounts.run("bin/dvdi", "--help").split("\n", -1)) {
      Matcher usage = SYNOPSIS.matcher(line);
      if (usage.matches() && !usage.group(1).equals("volume")) {
        synopsis.put(usage.group(1), all(OPTION, usage.group(2)));
      } else if (line.matches("[a-z]+ .*")) {
        command = line.substring(0, line.indexOf(' '));
      } else if (line.startsWith("  --")) {
        described
            .computeIfAbsent(command, key -> new TreeSet<>())
            .addAll(all(OPTION, line.substring(0, line.indexOf("  ", 4))));
      }
    }
    assertEquals(synopsis, described);
    return synopsis;
  }

  /** The flags of each command of dvdcli. */
  static Map<String, Set<String>> dvdcli() {
    TreeMap<String, Set<String>> flags = new TreeMap<>();
    for (String line : dvdcliHelp().split("\n", -1)) {
      Matcher command = COMMAND.matcher(line);
      if (command.matches()) {
        flags.put(command.group(1), new TreeSet<>());
      }
    }
    flags.forEach(
        (command, names) -> {
          for (String line : dvdcliHelp(command).split("\n", -1)) {
            Matcher flag = FLAG.matcher(line);
            if (flag.matches()) {
              names.add(flag.group(1));
            }
          }
        });
    return flags;
  }

  private static String dvdcliHelp(String... command) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    PrintStream stream = new PrintStream(out, true, UTF_8);
    String[] words = Arrays.copyOf(command, command.length + 1);
    words[command.length] = "--help";
    assertEquals(0, VolumeCommandLine.ofThisHost("dvdcli", stream, stream).run(words));
    return out.toString(UTF_8);
  }
}
