// SPDX-License-Identifier: Apache-2.0
package io.dvdi.regression;

import io.dvdi.agent.EmbeddedAgent.Run;
import java.nio.file.Files;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What another host, or a task in an image, has put into a volume for an ordinary user here. */
class SetUserIdIT extends RegressionFixture {
  private static final String MAKE =
      "cp $(command -v id) data/id; chmod 4755 data/id; mknod -m 666 data/null c 1 3; echo maker"
          + " runs";

  private static final String USE =
      "echo user runs; echo as $(%1$s/id -u); cat %1$s/null && echo device opened";

  @BeforeEach
  void fill() throws Exception {
    // Else no user could go to the volume on the host.
    Files.setPosixFilePermissions(folder(), PosixFilePermissions.fromString("rwx--x--x"));
    plugin();
    Run maker = start(on(VOLUME, "maker", MAKE));
    awaitEnd(maker);
    awaitStart(maker, "maker");
  }

  private void givesNothingAway(String task) throws Exception {
    Run user = start(task.replace("\"command\":{", "\"command\":{\"user\":\"nobody\","));
    awaitEnd(user);
    awaitStart(user, "user");
    Outcome.unless(!user.output().contains("as 0"), "a program of the volume runs as root");
    Outcome.unless(!user.output().contains("device opened"), "a device of the volume is opened");
  }

  /** B14. In 0.1.0 a volume of a plugin has what its file system has. */
  @Test
  void b14AProgramInAVolumeDoesNotGiveItsOwnersRights() throws Exception {
    givesNothingAway(on(VOLUME, "user", USE.formatted("data")));
  }

  /** The same, where the host has mounted it. */
  @Test
  void b14AProgramInAVolumeDoesNotGiveItsOwnersRightsAtThePathOfTheHost() throws Exception {
    givesNothingAway(on(VOLUME, "user", USE.formatted(mountOf(VOLUME))));
  }

  /** The same, for a task that names no container path. */
  @Test
  void b14AProgramInAVolumeWithoutAContainerPathDoesNotGiveItsOwnersRights() throws Exception {
    String task = on(VOLUME, "user", USE.formatted(mountOf(VOLUME)));
    givesNothingAway(
        task.replace(",{\"name\":\"DVDI_VOLUME_CONTAINERPATH\",\"value\":\"data\"}", ""));
  }
}
