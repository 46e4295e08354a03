// SPDX-License-Identifier: Apache-2.0
package io.dvdi.driver.plugin;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Plugins that are found by several names. */
class PluginNamesTest {
  @TempDir Path folder;
  private Path sockets;
  private PluginNames names;

  @BeforeEach
  void folders() throws IOException {
    sockets = Files.createDirectory(folder.resolve("run"));
    names =
        new PluginNames(
            new PluginDiscovery(
                new PluginFolders(
                    sockets, List.of(folder.resolve("etc")), folder.resolve("managed"))));
  }

  /** Bound elsewhere, as the path of a socket may not be long (unix(7)). */
  private Path socket(String path) throws IOException {
    Path bound = folder.resolve("s");
    Path socket = sockets.resolve(path);
    Files.createDirectories(socket.getParent());
    try (ServerSocketChannel server = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
      server.bind(UnixDomainSocketAddress.of(bound));
    }
    return Files.move(bound, socket);
  }

  private String name(String written, String... onRecord) {
    return names.of(written, () -> Set.of(onRecord));
  }

  @Test
  void aSocketInAFolderIsOneDriverByBothNames() throws IOException {
    socket("foo/foo.sock");

    assertEquals("foo/foo", name("foo/foo"));
    assertEquals("foo/foo", name("foo"));
  }

  @Test
  void theNameOnRecordIsKept() throws IOException {
    socket("foo/foo.sock");

    assertEquals("foo", name("foo/foo", "foo", "elsewhere"));
    assertEquals("foo", name("foo"));
  }

  @Test
  void twoSocketsAreTwoDrivers() throws IOException {
    socket("foo.sock");
    socket("foo/foo/foo/foo.sock");

    assertEquals("foo", name("foo"));
    assertEquals("foo/foo", name("foo/foo"));
  }

  @Test
  void aDescriptionOfAnotherPluginsSocketAndALinkToItAreThatPlugin() throws IOException {
    Path foo = socket("foo.sock");
    Files.createDirectory(folder.resolve("etc"));
    Files.writeString(folder.resolve("etc/bar.spec"), "unix://" + foo);
    Files.createSymbolicLink(sockets.resolve("link.sock"), foo);

    assertEquals("foo", name("foo"));
    assertEquals("foo", name("bar"));
    assertEquals("foo", name("link"));
  }

  @Test
  void aNameThatLeadsElsewhereByNowIsNotKept() throws IOException {
    Path foo = socket("foo.sock");
    assertEquals("foo", name("foo"));
    Files.move(foo, sockets.resolve("old.sock"));
    Files.createSymbolicLink(foo, sockets.resolve("old.sock"));
    assertEquals("foo", name("old", "foo"));
    Files.delete(foo);
    socket("foo.sock");

    assertEquals("old", name("old", "foo"));
    assertEquals("foo", name("foo", "foo"));
  }

  @Test
  void aNameOfNoPluginIsItself() {
    assertEquals("foo", name("foo", "bar"));
  }
}
