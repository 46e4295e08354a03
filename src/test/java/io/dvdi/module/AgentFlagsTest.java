// SPDX-License-Identifier: Apache-2.0
package io.dvdi.module;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** What the library hands over; the library itself is tested in request_test.cpp. */
class AgentFlagsTest {
  private static AgentFlags isolation(String value) {
    return AgentFlags.among(List.of(Map.entry("--isolation", value)));
  }

  @Test
  void flagsAreToldFromParameters() {
    Map.Entry<String, String> parameter = Map.entry("isolation", "a");
    assertFalse(AgentFlags.isFlag(parameter));
    assertEquals(Optional.empty(), AgentFlags.among(List.of(parameter)).value("isolation"));
    assertTrue(AgentFlags.isFlag(Map.entry("--isolation", "a")));
    assertFalse(AgentFlags.isFlag(Map.entry("--state_dir", "/a")));
    assertEquals(Optional.of("a"), isolation("a").value("isolation"));
  }

  @Test
  void anItemIsAWholeItem() {
    AgentFlags agent = isolation("filesystem/linux, docker/volume ,x\n");
    assertTrue(agent.lists("isolation", "docker/volume"));
    assertTrue(agent.lists("isolation", "x"));
    assertFalse(agent.lists("isolation", "docker"));
    assertFalse(agent.lists("isolation", ""));
    assertFalse(agent.lists("launcher", "docker/volume"));
  }
}
