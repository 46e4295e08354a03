// SPDX-License-Identifier: Apache-2.0
package io.dvdi.packaging;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** The man pages describe the commands and options that the programs have. */
class ManPagesTest {
  private static final Pattern SYNOPSIS_OPTION = Pattern.compile("Fl -([a-z-]+)");
  private static final Pattern OPTION = Pattern.compile("\\.It (?:Fl h , )?Fl -([a-z-]+).*");
  private static final Pattern COMMAND = Pattern.compile("\\.It Cm ([a-z]+)");
  private static final Pattern NAMED_COMMAND = Pattern.compile("\\.Cm ([a-z]+).*");
  private static final Pattern ARGUMENT = Pattern.compile("\\b([A-Z]{4,})\\b");

  private static List<String> lines(String page) throws IOException {
    return Files.readAllLines(Path.of("packaging/man", page));
  }

  @Test
  void dvdiHasTheOptionsOfItsHelp() throws Exception {
    TreeMap<String, Set<String>> synopsis = new TreeMap<>();
    TreeMap<String, Set<String>> described = new TreeMap<>();
    String section = "";
    String command = "";
    for (String line : lines("dvdi.1")) {
      Matcher option = OPTION.matcher(line);
      if (line.matches("\\.S[hs] .*")) {
        section = line.substring(4);
      } else if (section.equals("SYNOPSIS") && line.matches("\\.Cm (run|plan|volume)")) {
        command = line.substring(4);
      } else if (section.equals("SYNOPSIS") && line.startsWith(".Op Fl ")) {
        synopsis
            .computeIfAbsent(command, key -> new TreeSet<>())
            .addAll(Help.all(SYNOPSIS_OPTION, line));
      } else if (option.matches()) {
        described.computeIfAbsent(section, key -> new TreeSet<>()).add(option.group(1));
      }
    }
    assertEquals(Help.dvdi(), described);
    assertEquals(Help.dvdi(), synopsis);
  }

  /** A flag whose text has no line `With` belongs to all commands. */
  @Test
  void dvdcliHasTheCommandsAndFlagsOfItsHelp() throws Exception {
    TreeMap<String, Set<String>> described = new TreeMap<>();
    TreeMap<String, Set<String>> some = new TreeMap<>();
    Set<String> all = new TreeSet<>();
    String flag = "";
    boolean with = false;
    for (String line : lines("dvdcli.1")) {
      Matcher option = OPTION.matcher(line);
      Matcher command = COMMAND.matcher(line);
      Matcher named = NAMED_COMMAND.matcher(line);
      if (command.matches()) {
        described.put(command.group(1), new TreeSet<>());
      } else if (option.matches()) {
        flag = option.group(1);
        all.add(flag);
      } else if (with && named.matches()) {
        some.computeIfAbsent(flag, key -> new TreeSet<>()).add(named.group(1));
      }
      with = line.equals("With") || (with && line.matches("and|\\.Cm .*"));
    }
    described.forEach(
        (command, flags) ->
            all.stream()
                .filter(each -> some.getOrDefault(each, Set.of(command)).contains(command))
                .forEach(flags::add));
    assertEquals(Help.dvdcli(), described);
  }

  @Test
  void dvdiBindHasTheArgumentsOfItsHelp() throws Exception {
    Set<String> described = new TreeSet<>();
    for (String line : lines("dvdi-bind.8")) {
      if (line.startsWith(".It Ar ")) {
        described.addAll(Help.all(ARGUMENT, line));
      }
    }
    String source = Files.readString(Path.of("src/main/c/bind/main.c"));
    int usage = source.indexOf("Usage: dvdi-bind ");
    assertEquals(
        Help.all(ARGUMENT, source.substring(usage, source.indexOf('\n', usage))), described);
  }
}
