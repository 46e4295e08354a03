// SPDX-License-Identifier: Apache-2.0
package io.dvdi.mesos;

import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.dvdi.testing.RealMounts;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/**
 * How long a container is in the state PREPARING: without a volume, with one of rclone by this
 * module, and with one of rclone by docker/volume and dvdcli. The volumes exist before. All are
 * tried in turn in one run. The time that rclone itself takes is measured with a client that only
 * asks it for a volume. bin/bench reads what is written to {@code preparing.json}.
 */
@Tag("mesos")
class PreparingTimeIT {
  private static final Path RUN = Path.of("/run/docker");

  @RegisterExtension final MesosHost host = new MesosHost();

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
      BareClient rclone = new BareClient(sockets.resolve("rclone.sock"));
      PreparingTime ours = PreparingTime.ofExisting("this module, rclone", agent, host, rclone);
      PreparingTime local = PreparingTime.ofTmpfs("this module, tmpfs", agent);
      List<PreparingTime> ways = new ArrayList<>(List.of(ours, local));
      if (dvdcli == null) {
        measure(ways, rclone);
        write(Json.object().put("preparing_ms", added(ours)));
        return;
      }
      PreparingTime theirs =
          PreparingTime.ofExisting(
              "docker/volume and dvdcli, rclone", dockerVolume(Path.of(dvdcli)), host, rclone);
      ways.add(theirs);
      measure(ways, rclone);
      write(
          Json.object()
              .put("preparing_ms", added(ours))
              .put("preparing_docker_volume_ms", added(theirs))
              .put("preparing_vs_docker_volume", added(ours) / added(theirs)));
      String all = ours + "; " + local + "; " + theirs + "; rclone's own " + rclonesOwn();
      assertTrue(local.added() <= theirs.added() / 5, all);
      assertTrue(added(ours) <= added(theirs) / 5, all);
      // With rclone's own time, which is a seventh of theirs by itself.
      assertTrue(ours.added() <= theirs.added() / 3, all);
    } finally {
      RealMounts.run("umount", "--lazy", run.toString());
    }
  }

  private double rclonesOwn() {
    return PreparingTime.median(rclonesOwn);
  }

  /** In ms, without rclone's own time. */
  private double added(PreparingTime way) {
    return way.added() - rclonesOwn();
  }

  private static void write(ObjectNode figures) throws IOException {
    Files.createDirectories(Installation.REPORTS);
    Files.writeString(Installation.REPORTS.resolve("preparing.json"), figures.toPrettyString());
  }

  private MesosAgent thisModule(Path sockets, Path records) throws IOException {
    return host.newAgent()
        .parameter("plugin_sockets", sockets.toString())
        .parameter("state_dir", Files.createDirectories(records).toString());
  }

  private MesosAgent dockerVolume(Path dvdcli) throws IOException {
    MesosAgent agent = host.newAgent().withoutModule();
    // It finds it by its name alone.
    Path programs = Files.createDirectories(agent.folder().resolve("programs"));
    Files.createSymbolicLink(programs.resolve("dvdcli"), dvdcli);
    return agent
        .isolation("filesystem/linux", "docker/runtime", "docker/volume")
        .flag("docker_volume_checkpoint_dir", agent.folder().resolve("docker-volume").toString())
        .variable("PATH", programs + ":" + System.getenv("PATH"));
  }

  private void measure(List<PreparingTime> ways, BareClient rclone) throws Exception {
    for (PreparingTime way : ways) {
      if (!way.agent().isAlive()) {
        way.agent().start();
      }
    }
    for (int round = 0; round < PreparingTime.WARM_UP + PreparingTime.ROUNDS; round++) {
      for (PreparingTime way : ways) {
        way.round(round);
      }
      String volume = "bare-" + round;
      rclone.create(volume, host.rcloneVolume(volume, "data").options());
      double bare = rclone.mount(volume);
      rclone.unmount(volume);
      if (round >= PreparingTime.WARM_UP) {
        rclonesOwn.add(bare);
      }
    }
    Measured.print(
        String.format(
            Locale.ROOT, "PREPARING: rclone's own answers take %.1f ms of it", rclonesOwn()));
    for (PreparingTime way : ways) {
      Measured.print(way.toString());
    }
  }
}
