// SPDX-License-Identifier: Apache-2.0
package io.dvdi.bench;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** The program of bin/bench, which checks the arguments and makes the mount namespace. */
public final class Bench {
  private Bench() {}

  /** See bin/bench for the arguments. */
  public static void main(String[] arguments) throws IOException {
    Path top = Path.of(property("top"));
    Path json = top.resolve("target/bench.json");
    if (arguments[0].equals("--compare")) {
      Comparison.of(Path.of(arguments[1]), json).forEach(System.out::println);
    } else if (arguments[0].equals("--charts")) {
      JsonNode measured = Results.JSON.readTree(json.toFile());
      Report.write(
          measured,
          new Charts(measured, top.resolve("docs/benchmarks")).draw(),
          top.resolve("docs/benchmarks.md"));
    } else {
      measure(settings(top, arguments), json);
    }
  }

  private static Settings settings(Path top, String[] arguments) {
    Optional<Path> installed = path("installed");
    List<String> possible = installed.isEmpty() ? Settings.ALL : Settings.OF_PACKAGE;
    Set<String> parts = new LinkedHashSet<>();
    for (int i = 1; i < arguments.length; i++) {
      if (!possible.contains(arguments[i])) {
        System.err.printf(
            "There is no part %s%s; there are %s.%n",
            arguments[i],
            installed.isEmpty() ? "" : " that measures a package",
            String.join(", ", possible));
        System.exit(2);
      }
      parts.add(arguments[i]);
    }
    return new Settings(
        top,
        Path.of(property("java")),
        installed,
        Path.of(property("memory")),
        Path.of(property("disk")),
        path("dvdcli"),
        path("mesos"),
        arguments[0].equals("--full"),
        parts.isEmpty() ? Set.copyOf(possible) : parts);
  }

  private static String property(String name) {
    return System.getProperty("dvdi.bench." + name, "");
  }

  private static Optional<Path> path(String name) {
    return Optional.of(property(name)).filter(path -> !path.isEmpty()).map(Path::of);
  }

  private static void measure(Settings settings, Path json) throws IOException {
    ObjectNode machine = Machine.describe(settings);
    Results results = new Results();
    if (settings.parts().contains("prepare")) {
      new PreparePart(settings, results).measure();
    }
    if (settings.parts().contains("calls")) {
      new CallsPart(settings, results).measure();
    }
    if (settings.parts().contains("peers")) {
      new PeersPart(settings, results).measure();
    }
    if (settings.parts().contains("start")) {
      new StartPart(settings, results).measure();
    }
    if (settings.parts().contains("stages")) {
      new StagesPart(settings, results).measure();
    }
    if (settings.parts().contains("agent")) {
      new AgentPart(settings, results).measure();
    }
    if (settings.parts().contains("growth")) {
      new GrowthPart(settings, results).measure();
    }
    results.write(json, machine);
    System.err.println();
    System.out.print(results.table());
    System.out.println("Written to " + json);
  }
}
