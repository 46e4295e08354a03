// SPDX-License-Identifier: Apache-2.0
package io.dvdi.driver.plugin;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsParameters;
import com.sun.net.httpserver.HttpsServer;
import io.dvdi.lifecycle.Told;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CopyOnWriteArrayList;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.TrustManagerFactory;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Plugins on TCP, plainly and with TLS, as .spec and .json files name them. */
class InternetPluginTest extends PluginFixture {
  private static final char[] PASSWORD = "password".toCharArray();

  /** Made once for each name, as making them takes longest of all. */
  private static final Map<String, KeyStore> KEYS = new HashMap<>();

  private final List<String> hosts = new CopyOnWriteArrayList<>();
  private @Nullable HttpServer server;

  @AfterEach
  void stopServer() {
    if (server != null) {
      server.stop(0);
    }
  }

  private String unanswered() {
    Told told = ask();
    assertFalse(told.answered());
    return told.words();
  }

  private int port() {
    return Objects.requireNonNull(server).getAddress().getPort();
  }

  private void serve(HttpServer started) {
    server = started;
    started.createContext("/", this::answer);
    started.start();
  }

  private void answer(HttpExchange exchange) throws IOException {
    hosts.add(exchange.getRequestHeaders().getFirst("Host"));
    String reply =
        switch (exchange.getRequestURI().getPath()) {
          case "/Plugin.Activate" -> "{\"Implements\":[\"VolumeDriver\"]}";
          case "/VolumeDriver.Get" -> "{\"Volume\":{\"Name\":\"data\"}}";
          default -> "{\"Mountpoint\":\"/mnt/far\"}";
        };
    byte[] ignored = exchange.getRequestBody().readAllBytes();
    exchange.sendResponseHeaders(200, reply.length());
    try (OutputStream out = exchange.getResponseBody()) {
      out.write(reply.getBytes(UTF_8));
    }
  }

  private static InetSocketAddress anyPort() {
    return new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
  }

  private void describe(String suffix, String text) throws IOException {
    plugin.close();
    Files.createDirectories(folders.specs().get(0));
    Files.writeString(folders.specs().get(0).resolve("stand-in" + suffix), text);
  }

  @Test
  void aSpecLeadsToTcp() throws Exception {
    serve(HttpServer.create(anyPort(), 10));
    describe(".spec", "tcp://localhost:" + port());

    assertEquals(mountedAt("/mnt/far"), use(Map.of()));
    assertEquals("localhost:" + port(), hosts.get(0));
  }

  @Test
  void aHostThatIsNotKnownIsSaidToBeSo() throws Exception {
    // Longer than a name may be, so that nobody is asked for it.
    String host = "x".repeat(64) + ".invalid";
    describe(".spec", "tcp://" + host + ":1");

    assertTrue(unanswered().contains("the host '" + host + "' is not known"));
  }

  @Test
  void theServerIsCheckedByTheCaFile() throws Exception {
    Path pem = tlsServer(false, "dns:localhost,ip:127.0.0.1");
    describeTls("\"CAFile\":\"" + pem + "\"");

    assertEquals(mountedAt("/mnt/far"), use(Map.of()));
  }

  @Test
  void aServerThatNobodyVouchesForIsRefused() throws Exception {
    Path unused = tlsServer(false, "dns:localhost");
    describeTls("");

    String e = unanswered();

    assertTrue(e.contains("cannot be reached: "), e);
    assertTrue(e.contains("certification path"), e);
    assertEquals(List.of(), hosts);
  }

  @Test
  void aServerOfAnotherNameIsRefused() throws Exception {
    Path pem = tlsServer(false, "dns:elsewhere");
    describeTls("\"CAFile\":\"" + pem + "\"");

    assertTrue(unanswered().contains("localhost"));
    assertEquals(List.of(), hosts);
  }

  @Test
  void insecureSkipVerifyTrustsAnybody() throws Exception {
    Path unused = tlsServer(false, "dns:elsewhere");
    describeTls("\"InsecureSkipVerify\":true");

    assertEquals(mountedAt("/mnt/far"), use(Map.of()));
  }

  @Test
  void theClientShowsItsCertificate() throws Exception {
    Path pem = tlsServer(true, "dns:localhost");
    KeyStore client = keys("dns:client");
    Path certificate = folder.resolve("client.pem");
    Path key = folder.resolve("client.key");
    Files.writeString(certificate, pem("CERTIFICATE", client.getCertificate("own").getEncoded()));
    Files.writeString(key, pem("PRIVATE KEY", client.getKey("own", PASSWORD).getEncoded()));

    describeTls(
        "\"CAFile\":\"%s\",\"CertFile\":\"%s\",\"KeyFile\":\"%s\""
            .formatted(pem, certificate, key));
    assertEquals(mountedAt("/mnt/far"), use(Map.of()));

    describeTls("\"CAFile\":\"%s\"".formatted(pem));
    String refused = unanswered();
    assertTrue(refused.contains("its plugin at https://localhost"), refused);

    describeTls("\"CAFile\":\"%s\",\"CertFile\":\"%s\"".formatted(pem, certificate));
    assertTrue(unanswered().contains("only one of CertFile and KeyFile"));

    Files.writeString(key, pem("RSA PRIVATE KEY", new byte[] {1}));
    describeTls(
        "\"CAFile\":\"%s\",\"CertFile\":\"%s\",\"KeyFile\":\"%s\""
            .formatted(pem, certificate, key));
    assertTrue(unanswered().contains("openssl pkcs8 -topk8"));

    Files.writeString(key, pem("PRIVATE KEY", new byte[] {1}));
    assertTrue(unanswered().contains("holds no RSA, EC or Ed25519 key"));
  }

  @Test
  void aCaFileThatIsMissingIsNamed() throws Exception {
    Path unused = tlsServer(false, "dns:localhost");
    describeTls("\"CAFile\":\"/nonexistent/ca.pem\"");

    assertTrue(unanswered().contains("/nonexistent/ca.pem"));
  }

  @Test
  void aCaFileWithoutACertificateIsNamed() throws Exception {
    Path unused = tlsServer(false, "dns:localhost");
    Path empty = Files.createFile(folder.resolve("empty.pem"));
    describeTls("\"CAFile\":\"" + empty + "\"");

    assertTrue(unanswered().contains("the CAFile " + empty + " has no certificate"));
  }

  private void describeTls(String settings) throws IOException {
    describe(
        ".json",
        "{\"Addr\":\"https://localhost:%d\",\"TLSConfig\":{%s}}".formatted(port(), settings));
  }

  /**
   * Starts a server whose certificate has these names, and that asks for the client's; gives its
   * certificate's file.
   */
  private Path tlsServer(boolean needsClient, String names) throws Exception {
    KeyStore own = keys(names);
    KeyStore clients = keys("dns:client");
    KeyManagerFactory keys = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
    keys.init(own, PASSWORD);
    TrustManagerFactory trust =
        TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
    KeyStore trusted = KeyStore.getInstance("PKCS12");
    trusted.load(null, null);
    trusted.setCertificateEntry("client", clients.getCertificate("own"));
    trust.init(trusted);
    SSLContext context = SSLContext.getInstance("TLS");
    context.init(keys.getKeyManagers(), trust.getTrustManagers(), null);
    HttpsServer https = HttpsServer.create(anyPort(), 10);
    https.setHttpsConfigurator(
        new HttpsConfigurator(context) {
          @Override
          public void configure(HttpsParameters parameters) {
            SSLParameters ssl = context.getDefaultSSLParameters();
            ssl.setNeedClientAuth(needsClient);
            parameters.setSSLParameters(ssl);
          }
        });
    serve(https);
    Path pem = folder.resolve("server.pem");
    Files.writeString(pem, pem("CERTIFICATE", own.getCertificate("own").getEncoded()));
    return pem;
  }

  private KeyStore keys(String names) throws Exception {
    KeyStore made = KEYS.get(names);
    if (made != null) {
      return made;
    }
    Path file = folder.resolve("keys-" + KEYS.size());
    Process keytool =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "keytool").toString(),
                "-genkeypair",
                "-alias",
                "own",
                "-keyalg",
                "EC",
                "-dname",
                "CN=test",
                "-ext",
                "san=" + names,
                "-keystore",
                file.toString(),
                "-storetype",
                "PKCS12",
                "-storepass",
                new String(PASSWORD))
            .redirectErrorStream(true)
            .start();
    String said = new String(keytool.getInputStream().readAllBytes(), UTF_8);
    assertEquals(0, keytool.waitFor(), said);
    KeyStore keys = KeyStore.getInstance(file.toFile(), PASSWORD);
    KEYS.put(names, keys);
    return keys;
  }

  private static String pem(String type, byte[] content) {
    return "-----BEGIN %s-----\n%s\n-----END %s-----\n"
        .formatted(type, Base64.getMimeEncoder().encodeToString(content), type);
  }
}
