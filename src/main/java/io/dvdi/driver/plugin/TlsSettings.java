// SPDX-License-Identifier: Apache-2.0
package io.dvdi.driver.plugin;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.dvdi.linux.PrivateFile;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.security.spec.InvalidKeySpecException;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.Base64;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.net.ssl.KeyManager;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;
import org.jspecify.annotations.Nullable;

/**
 * The TLSConfig of a plugin's .json. Unlike Docker, which trusts any server when CAFile is missing,
 * a server is checked unless InsecureSkipVerify says otherwise: then by the certificates that come
 * with Java.
 *
 * @param authorities CAFile: who may have signed the plugin's certificate
 * @param certificate CertFile: what we show to the plugin
 * @param key KeyFile: of that certificate
 * @param trustAnyone InsecureSkipVerify
 */
record TlsSettings(
    Optional<Path> authorities,
    Optional<Path> certificate,
    Optional<Path> key,
    boolean trustAnyone) {
  /** A TLSConfig that is missing or empty. */
  static final TlsSettings NONE =
      new TlsSettings(Optional.empty(), Optional.empty(), Optional.empty(), false);

  private static final Pattern PKCS8 =
      Pattern.compile("-----BEGIN PRIVATE KEY-----([A-Za-z0-9+/=\\s]+)-----END PRIVATE KEY-----");

  private static final char[] NO_PASSWORD = new char[0];

  /** Reads the files. */
  SSLContext context() throws IOException {
    try {
      SSLContext context = SSLContext.getInstance("TLS");
      context.init(keys(), trust(), null);
      return context;
    } catch (GeneralSecurityException e) {
      throw new IOException("TLS cannot be set up: " + e.getMessage(), e);
    }
  }

  private TrustManager @Nullable [] trust() throws IOException, GeneralSecurityException {
    if (trustAnyone) {
      return new TrustManager[] {new AnyServer()};
    }
    if (authorities.isEmpty()) {
      return null;
    }
    KeyStore store = emptyStore();
    int number = 0;
    for (Certificate authority : certificates("CAFile", authorities.get())) {
      store.setCertificateEntry("authority" + number++, authority);
    }
    TrustManagerFactory factory =
        TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
    factory.init(store);
    return factory.getTrustManagers();
  }

  private KeyManager @Nullable [] keys() throws IOException, GeneralSecurityException {
    if (certificate.isEmpty() && key.isEmpty()) {
      return null;
    }
    if (certificate.isEmpty() || key.isEmpty()) {
      throw new IOException(
          "the TLSConfig has only one of CertFile and KeyFile; give both, or neither");
    }
    KeyStore store = emptyStore();
    store.setKeyEntry(
        "client",
        privateKey(key.get()),
        NO_PASSWORD,
        certificates("CertFile", certificate.get()).toArray(Certificate[]::new));
    KeyManagerFactory factory =
        KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
    factory.init(store, NO_PASSWORD);
    return factory.getKeyManagers();
  }

  private static KeyStore emptyStore() throws IOException, GeneralSecurityException {
    KeyStore store = KeyStore.getInstance("PKCS12");
    store.load(null, null);
    return store;
  }

  private static Collection<? extends Certificate> certificates(String field, Path file)
      throws IOException, GeneralSecurityException {
    Collection<? extends Certificate> certificates;
    try (InputStream pem = Files.newInputStream(file)) {
      certificates = CertificateFactory.getInstance("X.509").generateCertificates(pem);
    }
    if (certificates.isEmpty()) {
      throw new IOException("the %s %s has no certificate in PEM".formatted(field, file));
    }
    return certificates;
  }

  private static PrivateKey privateKey(Path file) throws IOException, GeneralSecurityException {
    Matcher pem = PKCS8.matcher(new String(PrivateFile.content(file), US_ASCII));
    if (!pem.find()) {
      throw new IOException(
          "the KeyFile %s is not in PKCS #8 (BEGIN PRIVATE KEY); `openssl pkcs8 -topk8 -nocrypt -in %s` converts it"
              .formatted(file, file));
    }
    PKCS8EncodedKeySpec encoded =
        new PKCS8EncodedKeySpec(Base64.getMimeDecoder().decode(pem.group(1)));
    for (String algorithm : List.of("RSA", "EC", "EdDSA")) {
      try {
        return KeyFactory.getInstance(algorithm).generatePrivate(encoded);
      } catch (InvalidKeySpecException e) {
        // A key of another algorithm.
      }
    }
    throw new IOException("the KeyFile %s holds no RSA, EC or Ed25519 key".formatted(file));
  }
}
