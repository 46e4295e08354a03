// SPDX-License-Identifier: Apache-2.0
package io.dvdi.mesos;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.dvdi.testing.RealMounts;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/**
 * How long a container is in the state PREPARING, in which isolators mount, by the agent's own log:
 * without a volume, with one of rclone by this module, and with one of rclone by docker/volume and
 * dvdcli. All are tried in turn in one run, each agent with containers without a volume too, since
 * the state has more in it than isolators. A client that does nothing else asks rclone for a volume
 * as well: that much of the time is rclone's own, whoever asks it. The containers are standalone
 * ones, which isolators prepare as they do tasks' and which need no executor.
 */
@Tag("mesos")
class PreparingTimeIT {
  private static final int WARM_UP = 30;
  private static final int ROUNDS = 100;
  private static final Path RUN = Path.of("/run/docker");
  private static final Pattern PREPARING =
      Pattern.compile(
          "container (\\S+) from PREPARING to ISOLATING after ([0-9.]+)(ns|us|ms|secs)");

  @RegisterExtension final MesosHost host = new MesosHost();

  /** A way to get a volume, and how long containers were in PREPARING. */
  private static final class Way {
    final String name;
    final MesosAgent agent;
    final boolean local;
    final List<Double> without = new ArrayList<>();
    final List<Double> with = new ArrayList<>();
    double first;

    Way(String name, MesosAgent agent, boolean local) {
      this.name = name;
      this.agent = agent;
      this.local = local;
    }

    /** The median of what it was more than in the same round without. */
    double added() {
      List<Double> more = new ArrayList<>();
      for (int i = 0; i < with.size(); i++) {
        more.add(with.get(i) - without.get(i));
      }
      return median(more);
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

  private final List<Double> rclonesOwn = new ArrayList<>();

  @Test
  void oursAddsASmallPartOfWhatDockerVolumeAdds() throws Exception {
    String dvdcli = System.getenv("DVDI_TEST_DVDCLI");
    Path run = Files.isDirectory(RUN) ? RUN : Path.of("/run");
    // dvdcli looks for plugins nowhere else; this JVM has a mount namespace of its own.
    RealMounts.run("mount", "-t", "tmpfs", "tmpfs", run.toString());
    try {
      Path sockets = Files.createDirectories(Path.of("/run/docker/plugins"));
      host.startRclone(sockets);
      // Where records are by default: in /run, that is in memory.
      MesosAgent agent = thisModule(sockets, sockets.resolveSibling("state"));
      Way ours = new Way("this module, rclone", agent, false);
      List<Way> ways = new ArrayList<>(List.of(ours));
      Way local = new Way("this module, tmpfs", agent, true);
      ways.add(local);
      if (dvdcli == null) {
        measure(ways, new BareClient(sockets.resolve("rclone.sock")));
        return;
      }
      Way theirs =
          new Way("docker/volume and dvdcli, rclone", dockerVolume(Path.of(dvdcli)), false);
      ways.add(theirs);
      measure(ways, new BareClient(sockets.resolve("rclone.sock")));
      double own = median(rclonesOwn);
      String all = ours + "; " + local + "; " + theirs + "; rclone's own " + own;
      assertTrue(local.added() <= theirs.added() / 10, all);
      assertTrue(ours.added() - own <= (theirs.added() - own) / 10, all);
      // With rclone's own time, which is a tenth of theirs by itself.
      assertTrue(ours.added() <= theirs.added() / 5, all);
    } finally {
      RealMounts.run("umount", "--lazy", run.toString());
    }
  }

  private MesosAgent thisModule(Path sockets, Path records) throws IOException {
    return host.newAgent()
        .parameter("plugin_sockets", sockets.toString())
        .parameter("state_dir", Files.createDirectories(records).toString());
  }

  private MesosAgent dockerVolume(Path dvdcli) throws IOException {
    MesosAgent agent = host.newAgent().withoutModule();
    return agent
        .isolation("filesystem/linux", "docker/runtime", "docker/volume")
        .flag("docker_volume_checkpoint_dir", agent.folder().resolve("docker-volume").toString())
        .variable("PATH", dvdcli.getParent() + ":" + System.getenv("PATH"));
  }

  private void measure(List<Way> ways, BareClient rclone) throws Exception {
    for (Way way : ways) {
      if (!way.agent.isAlive()) {
        way.agent.start();
      }
    }
    for (int round = 0; round < WARM_UP + ROUNDS; round++) {
      for (Way way : ways) {
        String task = ways.indexOf(way) + "-" + round;
        double none = preparing(way.agent, new MesosTask(task, "true"));
        double one = preparing(way.agent, withVolume(way, task + "-volume"));
        if (round == 0) {
          way.first = one;
        } else if (round >= WARM_UP) {
          way.without.add(none);
          way.with.add(one);
        }
      }
      String volume = "bare-" + round;
      double bare = rclone.mount(volume, host.rcloneVolume(volume, "data").options());
      rclone.unmount(volume);
      if (round >= WARM_UP) {
        rclonesOwn.add(bare);
      }
    }
    Measured.print(
        String.format(
            Locale.ROOT, "PREPARING: rclone's own answers take %.1f ms of it", median(rclonesOwn)));
    for (Way way : ways) {
      Measured.print(way.toString());
    }
  }

  /** A volume of its own: nothing of it is there, and all is gone afterwards. */
  private MesosTask withVolume(Way way, String task) throws IOException {
    TaskVolume volume =
        way.local
            ? TaskVolume.of("local", task, "data").option("type", "tmpfs")
            : host.rcloneVolume(task, "data");
    return new MesosTask(task, "true").with(volume);
  }

  /** Returns when the container is destroyed, so that the next one is prepared with no other. */
  private static double preparing(MesosAgent agent, MesosTask task) throws Exception {
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

  private static double median(List<Double> values) {
    double[] sorted = values.stream().mapToDouble(Double::doubleValue).toArray();
    Arrays.sort(sorted);
    return (sorted[(sorted.length - 1) / 2] + sorted[sorted.length / 2]) / 2;
  }
}
