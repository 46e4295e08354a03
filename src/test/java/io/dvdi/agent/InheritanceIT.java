// SPDX-License-Identifier: Apache-2.0
package io.dvdi.agent;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.dvdi.testing.Descriptors;
import io.dvdi.testing.Descriptors.Descriptor;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.CleanupMode;
import org.junit.jupiter.api.io.TempDir;

/**
 * What a program that the agent starts gets along: with Mesos up to 1.6.1, and with 1.7.0, that is
 * each descriptor that is not marked close-on-exec.
 */
class InheritanceIT {
  @TempDir(cleanup = CleanupMode.ON_SUCCESS)
  Path folder;

  private EmbeddedAgent agent;

  @BeforeEach
  void create() {
    agent = new EmbeddedAgent(folder);
  }

  @AfterEach
  void end() throws Exception {
    agent.close();
  }

  @Test
  void nothingButWhatTheAgentItselfInherited() throws Exception {
    Path sockets = Files.createDirectories(folder.resolve("plugins"));
    agent.parameter("plugin_sockets", sockets.toString());
    try (ServerSocketChannel plugin = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
      plugin.bind(UnixDomainSocketAddress.of(sockets.resolve("slow.sock")));
      EmbeddedAgent.Run run =
          agent.start(
              EmbeddedAgent.task(
                  "t", "true", "DVDI_VOLUME_NAME", "data", "DVDI_VOLUME_DRIVER", "slow"));
      try (SocketChannel connection = plugin.accept()) {
        assertTrue(connection.isConnected());
        long pid = run.process().pid();

        List<Descriptor> all = Descriptors.of(pid);
        // With the connection, the lock, and what the JVM has open for itself.
        assertTrue(all.stream().anyMatch(open -> open.leadsTo().startsWith("socket:")));
        assertTrue(all.stream().anyMatch(open -> open.leadsTo().equals(folder + "/state/lock")));
        assertTrue(all.stream().anyMatch(open -> open.leadsTo().endsWith(".jar")));
        assertEquals(
            List.of(), all.stream().filter(open -> open.number() > 2 && open.inherited()).toList());
      }
    }
  }
}
