// SPDX-License-Identifier: Apache-2.0
package io.dvdi.mesos;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * How long containers of one agent are in the state PREPARING, in which isolators mount, by the
 * agent's own log. Each round has a container without a volume too, since the state has more in it
 * than isolators. The containers are standalone ones, which isolators prepare as they do tasks' and
 * which need no executor.
 */
final class PreparingTime {
  static final int WARM_UP = 30;
  static final int ROUNDS = 100;

  private static final Pattern PREPARING =
      Pattern.compile(
          "container (\\S+) from PREPARING to ISOLATING after ([0-9.]+)(ns|us|ms|secs)");

  /** Makes a volume of its own for each container. */
  @FunctionalInterface
  interface Volumes {
    TaskVolume named(String name) throws IOException;
  }

  private final String name;
  private final MesosAgent agent;
  private final String driver;
  private final Volumes volumes;
  private final List<Double> without = new ArrayList<>();
  private final List<Double> with = new ArrayList<>();
  private double first;

  PreparingTime(String name, MesosAgent agent, String driver, Volumes volumes) {
    this.name = name;
    this.agent = agent;
    this.driver = driver;
    this.volumes = volumes;
  }

  /** A way to get a new volume of rclone. */
  static PreparingTime ofRclone(String name, MesosAgent agent, MesosHost host) {
    return new PreparingTime(name, agent, "rclone", volume -> host.rcloneVolume(volume, "data"));
  }

  /** A way to get a volume of rclone that exists, but is not mounted. */
  static PreparingTime ofExisting(
      String name, MesosAgent agent, MesosHost host, BareClient rclone) {
    return new PreparingTime(
        name,
        agent,
        "rclone",
        volume -> {
          TaskVolume created = host.rcloneVolume(volume, "data");
          rclone.create(volume, created.options());
          return created;
        });
  }

  /** A way to get a new tmpfs. */
  static PreparingTime ofTmpfs(String name, MesosAgent agent) {
    return new PreparingTime(
        name,
        agent,
        "tmpfs",
        volume -> TaskVolume.of("local", volume, "data").option("type", "tmpfs"));
  }

  MesosAgent agent() {
    return agent;
  }

  void round(int round) throws Exception {
    String task = driver + "-" + agent.folder().getFileName() + "-" + round;
    double none = preparing(new MesosTask(task, "true"));
    String other = task + "-volume";
    double one = preparing(new MesosTask(other, "true").with(volumes.named(other)));
    if (round == 0) {
      first = one;
    } else if (round >= WARM_UP) {
      without.add(none);
      with.add(one);
    }
  }

  /** The median of what it was more than in the same round without a volume. */
  double added() {
    List<Double> more = new ArrayList<>();
    for (int i = 0; i < with.size(); i++) {
      more.add(with.get(i) - without.get(i));
    }
    return median(more);
  }

  /** Returns when the container is destroyed, so that the next one is prepared with no other. */
  private double preparing(MesosTask task) throws Exception {
    StandaloneContainers containers = new StandaloneContainers(agent);
    ObjectNode id = StandaloneContainers.id(task.name());
    containers.launch(id, task);
    assertEquals(0, containers.exitStatus(id));
    Matcher matcher = PREPARING.matcher(agent.run().log());
    while (matcher.find()) {
      if (matcher.group(1).equals(task.name())) {
        return milliseconds(Double.parseDouble(matcher.group(2)), matcher.group(3));
      }
    }
    throw new AssertionError("the log does not say how long " + task.name() + " took");
  }

  private static double milliseconds(double value, String unit) {
    return switch (unit) {
      case "ns" -> value / 1e6;
      case "us" -> value / 1e3;
      case "ms" -> value;
      default -> value * 1e3;
    };
  }

  static double median(List<Double> values) {
    double[] sorted = values.stream().mapToDouble(Double::doubleValue).toArray();
    Arrays.sort(sorted);
    return (sorted[(sorted.length - 1) / 2] + sorted[sorted.length / 2]) / 2;
  }

  @Override
  public String toString() {
    return String.format(
        Locale.ROOT,
        "PREPARING: %-34s %5.1f ms without a volume, %5.1f ms with one: +%.1f ms; the first: %.0f"
            + " ms",
        name,
        median(without),
        median(with),
        added(),
        first);
  }
}
