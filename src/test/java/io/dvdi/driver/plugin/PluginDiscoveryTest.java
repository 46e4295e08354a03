// SPDX-License-Identifier: Apache-2.0
package io.dvdi.driver.plugin;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class PluginDiscoveryTest {
  private static final String ID =
      "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef";

  @TempDir Path folder;
  private PluginFolders folders;
  private PluginDiscovery discovery;

  @BeforeEach
  void folders() {
    folders =
        new PluginFolders(
            folder.resolve("run"),
            List.of(folder.resolve("etc"), folder.resolve("lib")),
            folder.resolve("managed"));
    discovery = new PluginDiscovery(folders);
  }

  /** Bound elsewhere, as the path of a socket may not be long (unix(7)). */
  private Path socket(Path path) throws IOException {
    Path bound = folder.resolve("s");
    Files.createDirectories(path.getParent());
    try (ServerSocketChannel server = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
      server.bind(UnixDomainSocketAddress.of(bound));
    }
    return Files.move(bound, path);
  }

  private void file(String path, String text) throws IOException {
    Path file = folder.resolve(path);
    Files.createDirectories(file.getParent());
    Files.writeString(file, text);
  }

  private String address(String name) throws NotReachedException {
    return discovery.find(name).map(plugin -> plugin.address().toString()).orElse("none");
  }

  @Test
  void aSocketIsFoundByItsName() throws Exception {
    assertEquals(socket(folder.resolve("run/rclone.sock")).toString(), address("rclone"));
  }

  @Test
  void aSocketIsFoundInAFolderOfItsName() throws Exception {
    assertEquals(socket(folder.resolve("run/rclone/rclone.sock")).toString(), address("rclone"));
  }

  @Test
  void aPluginIsLookedForAnewEachTime() throws Exception {
    assertEquals("none", address("late"));
    Path late = socket(folder.resolve("run/late.sock"));
    assertEquals(late.toString(), address("late"));
    Files.delete(late);
    assertEquals("none", address("late"));
  }

  @Test
  void whatIsNoSocketIsNone() throws Exception {
    file("run/file.sock", "tcp://127.0.0.1:1");
    Files.createDirectories(folder.resolve("run/folder.sock"));

    assertEquals("none", address("file"));
    assertEquals("none", address("folder"));
  }

  @Test
  void aSocketWinsOverASpecAndASpecOverAJson() throws Exception {
    file("lib/a.spec", "tcp://lib:4");
    assertEquals("tcp://lib:4", address("a"));
    file("etc/a/a.json", "{\"Addr\":\"tcp://json:3\"}");
    assertEquals("tcp://json:3", address("a"));
    file("etc/a.spec", "tcp://spec:2");
    assertEquals("tcp://spec:2", address("a"));
    Path socket = socket(folder.resolve("run/a.sock"));
    assertEquals(socket.toString(), address("a"));
  }

  @ParameterizedTest
  @CsvSource({
    "tcp://127.0.0.1:8080, tcp://127.0.0.1:8080",
    "http://plugins.example.com, tcp://plugins.example.com:80",
    "http://[::1]:8080/ignored, tcp://::1:8080",
    "https://plugins.example.com, https://plugins.example.com:443",
    "unix:///other/run.sock, /other/run.sock",
    "TCP://host:1, tcp://host:1"
  })
  void aSpecHasTheAddress(String spec, String address) throws Exception {
    file("etc/a.spec", "  " + spec + "\n\n");

    assertEquals(address, address("a"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "/run/a.sock",
        "localhost:8080",
        "ftp://host:1",
        "unix://relative/a.sock",
        "tcp://",
        "tcp://a b",
        "tcp://a:99999",
        "npipe:////./pipe/a"
      })
  void aSpecThatCannotBeUsedSaysWhatToWrite(String spec) throws Exception {
    file("etc/a.spec", spec);

    NotReachedException e = assertThrows(NotReachedException.class, () -> discovery.find("a"));

    assertTrue(
        e.toString().contains(folder.resolve("etc/a.spec") + " has the address"), e.toString());
    assertTrue(e.toString().contains("write unix:///path"), e.toString());
    assertTrue(discovery.has("a"));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{ | line 1, column 2: this is not JSON: it ends too early",
        "{} | has no Addr",
        "[] | has no Addr",
        "{\"Addr\":7} | has no Addr",
        "{\"Addr\":\"tcp://a:1\",\"TLSConfig\":{}} | does not use TLS",
        "{\"Addr\":\"https://a\",\"TLSConfig\":{\"InsecureSkipVerify\":\"yes\"}} | neither true nor"
            + " false",
        "{\"Addr\":\"https://a\",\"TLSConfig\":{\"CAFile\":\"\\u0000\"}} | not a path"
      })
  void aJsonThatCannotBeUsedSaysWhy(String json, String why) throws Exception {
    file("etc/a.json", json);

    NotReachedException e = assertThrows(NotReachedException.class, () -> discovery.find("a"));

    assertTrue(e.toString().contains(why), e.toString());
  }

  @Test
  void aSpecThatIsHugeIsNotRead() throws Exception {
    file("etc/a.spec", "tcp://host:1" + " ".repeat(100_000));

    assertThrows(NotReachedException.class, () -> discovery.find("a"));
  }

  @Test
  void aJsonHasTlsSettings() throws Exception {
    file(
        "etc/a.json",
        "{\"Name\":\"a\",\"addr\":\"https://host:1\",\"TLSConfig\":{\"InsecureSkipVerify\":false,\"CAFile\":\"/ca.pem\",\"CertFile\":\"/cert.pem\",\"KeyFile\":\"/key.pem\"}}");

    PluginAddress.Tls tls = (PluginAddress.Tls) discovery.find("a").orElseThrow().address();

    assertEquals(
        new TlsSettings(
            Optional.of(Path.of("/ca.pem")),
            Optional.of(Path.of("/cert.pem")),
            Optional.of(Path.of("/key.pem")),
            false),
        tls.settings());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"../outside", "..", ".", "/outside", "a//b", "a/../../outside", ".hidden", ""})
  void namesNeverLeadOutOfTheFolders(String name) throws Exception {
    socket(folder.resolve("outside.sock"));
    socket(folder.resolve("run/.hidden.sock"));
    Files.createDirectories(folder.resolve("run/a"));

    assertEquals("none", address(name));
  }

  /** As `docker plugin install` leaves it. */
  private Path managed(String name, String socket, String propagated) throws IOException {
    file(
        "managed/" + ID + "/config.json",
        """
        {"plugin":{"Config":{"Interface":{"Socket":"%s","Types":["docker.volumedriver/1.0"]},"PropagatedMount":"%s"},
         "Enabled":true,"Id":"%s","Name":"%s","PluginReference":"docker.io/%s"},
         "Rootfs":"/ignored","Config":"sha256:0","Blobsums":[],"SwarmServiceID":""}
        """
            .formatted(socket, propagated, ID, name, name));
    return folder.resolve("managed/" + ID);
  }

  @ParameterizedTest
  @ValueSource(strings = {"rexray/ebs", "rexray/ebs:latest", "docker.io/rexray/ebs"})
  void aManagedPluginIsFoundByItsName(String name) throws Exception {
    managed("rexray/ebs:latest", "rexray.sock", "/var/lib/libstorage/volumes");
    // The folder has Docker's other files too.
    file("managed/storage/blobs/x", "");
    file("managed/broken/config.json", "{");

    assertEquals(folder.resolve("run/" + ID + "/rexray.sock").toString(), address(name));
  }

  @ParameterizedTest
  @ValueSource(strings = {"rexray/ebs:0.11", "rexray/efs", "ebs", ID, ID + "/rexray"})
  void aManagedPluginIsNotFoundByAnotherName(String name) throws Exception {
    managed("rexray/ebs:latest", "rexray.sock", "");
    socket(folder.resolve("run/" + ID + "/rexray.sock"));

    assertEquals("none", address(name));
  }

  @Test
  void aManagedPluginWinsOverASocketAsInDocker() throws Exception {
    managed("ebs:latest", "rexray.sock", "");
    socket(folder.resolve("run/ebs.sock"));

    assertEquals(folder.resolve("run/" + ID + "/rexray.sock").toString(), address("ebs"));
  }

  @Test
  void theSocketOfAManagedPluginIsInItsFolder() throws Exception {
    managed("evil:latest", "../outside.sock", "");

    assertEquals("none", address("evil"));
  }

  @Test
  void pathsOfAManagedPluginAreThoseInItsContainer() throws Exception {
    Path own = managed("rexray/ebs:latest", "rexray.sock", "/var/lib/libstorage/volumes");
    Plugin plugin = discovery.find("rexray/ebs").orElseThrow();

    assertEquals(
        own.resolve("propagated-mount/data/sub"),
        plugin.onHost(Path.of("/var/lib/libstorage/volumes/data/sub")));
    assertEquals(
        own.resolve("rootfs/var/lib/libstorage/volumes2"),
        plugin.onHost(Path.of("/var/lib/libstorage/volumes2")));
  }

  @Test
  void pathsOfOtherPluginsAreThoseOfTheHost() throws Exception {
    socket(folder.resolve("run/a.sock"));

    assertEquals(
        Path.of("/mnt/data"), discovery.find("a").orElseThrow().onHost(Path.of("/mnt/data")));
  }

  @Test
  void allPlacesAreNamed() {
    String places = discovery.places("a");

    for (String place :
        List.of(
            "run/a.sock",
            "run/a/a.sock",
            "etc/a.spec",
            "etc/a/a.spec",
            "etc/a.json",
            "lib/a/a.json",
            "managed")) {
      assertTrue(places.contains(folder.resolve(place).toString()), places);
    }
    assertFalse(discovery.has("a"));
  }
}
