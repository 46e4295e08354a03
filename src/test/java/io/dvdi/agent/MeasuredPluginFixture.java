// SPDX-License-Identifier: Apache-2.0
package io.dvdi.agent;

import static io.dvdi.agent.EmbeddedAgent.task;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.dvdi.driver.plugin.MeasuredPlugin;
import io.dvdi.driver.plugin.MeasuredPlugin.Kind;
import io.dvdi.testing.MountTable;
import io.dvdi.testing.RealMounts;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.CleanupMode;
import org.junit.jupiter.api.io.TempDir;

/** An agent, and a plugin with the measured habits of a real one. */
abstract class MeasuredPluginFixture {
  @RegisterExtension final RealMounts mounts = new RealMounts();

  @TempDir(cleanup = CleanupMode.ON_SUCCESS)
  Path folder;

  MeasuredPlugin plugin;
  EmbeddedAgent agent;

  @BeforeEach
  void create() throws Exception {
    Path sockets = mounts.newFolder("sockets");
    plugin =
        new MeasuredPlugin(
            Kind.RCLONE,
            sockets.resolve("measured.sock"),
            mounts.tmpfs("store", "size=8m"),
            mounts.newFolder("root"));
    agent = new EmbeddedAgent(folder).parameter("plugin_sockets", sockets.toString());
  }

  @AfterEach
  void end() throws Exception {
    agent.close();
    plugin.close();
  }

  static String on(String volume, String name, String command, String... more) {
    List<String> variables =
        new ArrayList<>(
            List.of(
                "DVDI_VOLUME_NAME", volume,
                "DVDI_VOLUME_DRIVER", "measured",
                "DVDI_VOLUME_CONTAINERPATH", "data"));
    variables.addAll(List.of(more));
    return task(name, command, variables.toArray(String[]::new));
  }

  void leavesNothing() throws Exception {
    agent.leavesNothing();
    assertEquals(List.of(), MountTable.under(mounts.folder().resolve("root")));
    assertEquals(List.of(), plugin.faults);
  }

  String untilTold() {
    return "echo runs; while [ ! -e " + folder + "/end ]; do sleep 0.05; done";
  }

  void tellToEnd() throws Exception {
    Files.createFile(folder.resolve("end"));
  }

  long calls(String method) {
    return plugin.wire().count(method);
  }

  String mountId(String method) {
    return plugin.wire().last(method).body().path("ID").asText();
  }
}
