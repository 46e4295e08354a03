// SPDX-License-Identifier: Apache-2.0
package io.dvdi.regression;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.dvdi.agent.EmbeddedAgent.Run;
import java.nio.file.Files;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Mountpoints that are a folder below the mount, as REX-Ray's are. */
class MountpointBelowIT extends RegressionFixture {
  /** A7. In 0.1.0 the driver is told to unmount, and somebody else's mount goes. */
  @Test
  void a7AMountThatCoversTheVolumesStays() throws Exception {
    PluginProcess plugin = plugin("--below=data");
    Run run = start(on(VOLUME, "t", untilTold("t")));
    awaitStart(run, "t");
    mounts.mount("-t", "tmpfs", "-o", "size=1m", "tmpfs", mountOf(VOLUME).toString());
    Files.createFile(mountOf(VOLUME).resolve("somebody-elses"));

    tellToEnd("t");
    awaitEnd(run);

    Outcome.unless(
        Files.exists(mountOf(VOLUME).resolve("somebody-elses")),
        "the driver was told to unmount, and somebody else's mount is gone");
    mounts.unmount(mountOf(VOLUME));
    Run last = start(keeper());
    comesToRest(plugin, VOLUME);
    endKeeper(last);
  }

  /** A9. In 0.1.0 that counts as a plain directory of the host, and the task is refused. */
  @Test
  void a9AVolumeThatAnotherClientHasMountedIsShared() throws Exception {
    PluginProcess plugin = plugin("--below=data");
    plugin.tell("create '%s'".formatted(VOLUME));
    plugin.tell("mount '%s' another-client".formatted(VOLUME));
    Files.createFile(mountOf(VOLUME).resolve("data/file"));

    Run run = start(on(VOLUME, "t", "echo t runs; ls data"));
    awaitEnd(run);

    Outcome.unless(
        !run.logText().contains("plain_directories"),
        "the volume of another client is taken for a plain directory of the host");
    assertEquals("t runs\nfile\n", run.output(), run.logText());
    assertEquals(List.of("another-client"), plugin.users(VOLUME));
    assertTrue(isMounted(VOLUME));
    assertEquals(List.of(), records(VOLUME));
    plugin.tell("unmount '%s' another-client".formatted(VOLUME));
    assertFalse(isMounted(VOLUME));
  }

  /** A8. In 0.1.0 that counts as gone: there is no record, and the mount stays. */
  @Test
  void a8AMountThatIsNotUsableAndCannotBeUnmountedYetStaysOnRecord() throws Exception {
    PluginProcess plugin = plugin("--below=data", "--read-only");
    plugin.tell("Unmount: refuse storage service is away");
    Run run = start(on(VOLUME, "t", "echo t runs"));
    awaitEnd(run);
    assertEquals("", run.output());
    if (!plugin.calls("Mount", VOLUME).isEmpty() && isMounted(VOLUME)) {
      Outcome.unless(
          !records(VOLUME).isEmpty(), "there is no record any more, and the mount stays");
    }

    plugin.tell("clear");
    Run last = start(keeper());
    comesToRest(plugin, VOLUME);
    endKeeper(last);
  }
}
