// SPDX-License-Identifier: Apache-2.0
package io.dvdi.mesos;

import static org.junit.jupiter.api.Assertions.assertTrue;

import io.dvdi.testing.RealMounts;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/**
 * How long a container with a volume is in the state PREPARING with this build, and with another
 * one: an agent each, and a container of each in turn. In the next round the other one begins, so
 * that neither is always measured after the same work. With {@code bin/mesos-test --against}.
 */
@Tag("mesos-against")
class AgainstIT {
  private static final double MOST = 1.1;
  private static final Path MEMORY = Path.of("/run");

  @RegisterExtension final MesosHost host = new MesosHost();

  @Test
  void aVolumeAddsNoMoreTimeThanInTheOtherBuild() throws Exception {
    // Records are in memory, as by default. This JVM has a mount namespace of its own.
    RealMounts.run("mount", "-t", "tmpfs", "tmpfs", MEMORY.toString());
    try {
      measure();
    } finally {
      RealMounts.run("umount", "--lazy", MEMORY.toString());
    }
  }

  private void measure() throws Exception {
    host.startRclone();
    MesosAgent here = agent(Installation.library());
    MesosAgent there = agent(Installation.otherLibrary());
    PreparingTime rclone = PreparingTime.ofRclone("this build, rclone", here, host);
    PreparingTime otherRclone = PreparingTime.ofRclone("the other build, rclone", there, host);
    PreparingTime tmpfs = PreparingTime.ofTmpfs("this build, tmpfs", here);
    PreparingTime otherTmpfs = PreparingTime.ofTmpfs("the other build, tmpfs", there);
    List<PreparingTime> ways = List.of(rclone, otherRclone, tmpfs, otherTmpfs);
    List<PreparingTime> reverse = List.of(otherTmpfs, tmpfs, otherRclone, rclone);
    for (int round = 0; round < PreparingTime.WARM_UP + PreparingTime.ROUNDS; round++) {
      for (PreparingTime way : round % 2 == 0 ? ways : reverse) {
        way.round(round);
      }
    }
    for (PreparingTime way : ways) {
      Measured.print(way.toString());
    }
    double ofRclone = ratio("rclone", rclone, otherRclone);
    double ofTmpfs = ratio("tmpfs", tmpfs, otherTmpfs);
    assertTrue(ofRclone <= MOST, () -> rclone + "; " + otherRclone);
    assertTrue(ofTmpfs <= MOST, () -> tmpfs + "; " + otherTmpfs);
  }

  private MesosAgent agent(Path library) throws IOException {
    MesosAgent agent = host.newAgent().library(library);
    Path records = Files.createDirectories(MEMORY.resolve(agent.folder().getFileName()));
    return agent.parameter("state_dir", records.toString()).start();
  }

  private static double ratio(String driver, PreparingTime here, PreparingTime there)
      throws IOException {
    double ratio = here.added() / there.added();
    Measured.print(
        String.format(
            Locale.ROOT, "PREPARING: what %s adds is %.2f of the other build's", driver, ratio));
    return ratio;
  }
}
