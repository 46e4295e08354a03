// SPDX-License-Identifier: Apache-2.0
package io.dvdi.module;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AgentFlagsTest {
  private static AgentFlags flags(String... arguments) {
    return new AgentFlags(List.of(arguments), Map.of("MESOS_ISOLATION", "from/environment"));
  }

  @Test
  void argumentsComeBeforeTheEnvironment() {
    assertEquals(
        Optional.of("b"),
        flags("mesos-agent", "--isolation=a", "--isolation=b").value("isolation"));
    assertEquals(Optional.of("from/environment"), flags("mesos-slave").value("isolation"));
    assertEquals(Optional.empty(), flags("mesos-slave", "--isolations=a").value("isolatio"));
  }

  @Test
  void anItemIsAWholeItem() {
    AgentFlags agent = flags("lt-mesos-agent", "--isolation=filesystem/linux, docker/volume ,x");
    assertTrue(agent.lists("isolation", "docker/volume"));
    assertFalse(agent.lists("isolation", "docker"));
    assertFalse(agent.lists("isolation", ""));
    assertFalse(agent.lists("launcher", "docker/volume"));
  }

  @Test
  void aValueMayBeInAFile(@TempDir Path folder) throws IOException {
    Path file = Files.writeString(folder.resolve("isolation"), "posix/cpu,docker/volume\n");
    AgentFlags inFile = flags("mesos-agent", "--isolation=file://" + file);
    assertTrue(inFile.lists("isolation", "docker/volume"));
    AgentFlags missing = flags("mesos-agent", "--isolation=file://" + folder + "/none");
    assertFalse(missing.lists("isolation", "docker/volume"));
    AgentFlags variable =
        new AgentFlags(List.of("mesos-agent"), Map.of("MESOS_ISOLATION", "file://" + file));
    assertTrue(variable.lists("isolation", "docker/volume"));
  }

  @Test
  void theEmbeddedAgentHasNone() {
    AgentFlags agent = flags("/usr/bin/dvdi-agent", "--isolation=docker/volume");
    assertEquals(Optional.empty(), agent.value("isolation"));
  }

  @Test
  void thisProcessHasItsOwn() throws IOException {
    assertTrue(AgentFlags.ofThisProcess().arguments().getFirst().endsWith("java"));
  }
}
