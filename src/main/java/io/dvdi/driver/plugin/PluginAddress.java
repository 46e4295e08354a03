// SPDX-License-Identifier: Apache-2.0
package io.dvdi.driver.plugin;

import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Where a plugin listens. */
sealed interface PluginAddress {
  Set<String> INTERNET = Set.of("tcp", "http", "https");
  int LAST_PORT = 65535;

  /** A unix socket. */
  record Unix(Path socket) implements PluginAddress {
    @Override
    public String toString() {
      return socket.toString();
    }
  }

  /** Plain TCP. */
  record Tcp(String host, int port) implements PluginAddress {
    @Override
    public String toString() {
      return "tcp://" + host + ":" + port;
    }
  }

  /** TLS over TCP. */
  record Tls(String host, int port, TlsSettings settings) implements PluginAddress {
    @Override
    public String toString() {
      return "https://" + host + ":" + port;
    }
  }

  /**
   * Reads an address as Docker takes it. Docker speaks TLS for https alone, and without a word
   * plainly for the rest; so a TLSConfig beside another scheme is refused instead of sending
   * options, which may be secrets, in the clear.
   *
   * @throws SpecException says what is wrong with it
   */
  static PluginAddress parse(String text, Optional<TlsSettings> tls) throws SpecException {
    URI uri;
    try {
      uri = new URI(text);
    } catch (URISyntaxException e) {
      throw wrong(text, e);
    }
    String scheme = uri.getScheme() == null ? "" : uri.getScheme().toLowerCase(Locale.ROOT);
    if (scheme.equals("unix")) {
      return unix(text, uri);
    }
    if (!INTERNET.contains(scheme) || uri.getHost() == null || uri.getPort() > LAST_PORT) {
      throw wrong(text, null);
    }
    // URI leaves IPv6 addresses in brackets.
    String host =
        uri.getHost().startsWith("[")
            ? uri.getHost().substring(1, uri.getHost().length() - 1)
            : uri.getHost();
    if (scheme.equals("https")) {
      return new Tls(host, uri.getPort() < 0 ? 443 : uri.getPort(), tls.orElse(TlsSettings.NONE));
    }
    if (tls.isPresent()) {
      throw new SpecException(
          "has a TLSConfig, but its address '%s' does not use TLS; write https://, or remove the TLSConfig"
              .formatted(text));
    }
    return new Tcp(host, uri.getPort() < 0 ? 80 : uri.getPort());
  }

  private static PluginAddress unix(String text, URI uri) throws SpecException {
    if (uri.getHost() != null || uri.getPath() == null || !uri.getPath().startsWith("/")) {
      throw wrong(text, null);
    }
    try {
      return new Unix(Path.of(uri.getPath()));
    } catch (InvalidPathException e) {
      throw wrong(text, e);
    }
  }

  private static SpecException wrong(String text, @Nullable Exception cause) {
    return new SpecException(
        "has the address '%s'; write unix:///path, tcp://host:port, http://host:port or https://host:port"
            .formatted(text.length() > 200 ? text.substring(0, 200) + "…" : text),
        cause);
  }
}
