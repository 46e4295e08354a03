// SPDX-License-Identifier: Apache-2.0
package io.dvdi.driver.plugin;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.dvdi.driver.Deadline;
import io.dvdi.json.JsonTree;
import io.dvdi.linux.StreamSocket;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketAddress;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ClosedByInterruptException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;
import org.apache.hc.core5.http.ClassicHttpResponse;
import org.apache.hc.core5.http.HttpEntity;
import org.apache.hc.core5.http.HttpException;
import org.apache.hc.core5.http.ProtocolException;
import org.apache.hc.core5.http.config.Http1Config;
import org.apache.hc.core5.http.impl.io.DefaultBHttpClientConnection;
import org.apache.hc.core5.http.io.entity.ByteArrayEntity;
import org.apache.hc.core5.http.message.BasicClassicHttpRequest;

/**
 * One request to a plugin and its answer, on a connection of its own: with one that is kept, a
 * plugin that closes it just then could not be told from one that died of the request.
 */
final class Exchange {
  /** What Docker accepts, and so what every plugin has been asked for. */
  private static final String MEDIA_TYPE = "application/vnd.docker.plugins.v1.2+json";

  /** Of all heads of an answer, in bytes; what is read ahead of the body counts too. */
  private static final int LONGEST_HEAD = 16 * 1024;

  /** For most answers, in bytes. A new one is filled with zeros for each exchange. */
  private static final int BUFFER = 2 * 1024;

  /** How many answers of one plugin are read at a time. Each may need half a megabyte. */
  static final int MOST_READERS = 8;

  private final ConcurrentMap<String, Semaphore> readers = new ConcurrentHashMap<>();

  /** Status 1xx is provisional, see RFC 9110. */
  private static final int FIRST_FINAL_STATUS = 200;

  /** Of the final answer, and of those before it. */
  private static final int MOST_HEADS = 16;

  private static final Http1Config LIMITS =
      Http1Config.custom()
          .setMaxLineLength(16 * 1024)
          .setMaxHeaderCount(100)
          .setBufferSize(BUFFER)
          .build();

  /**
   * A request.
   *
   * @param method such as VolumeDriver.Mount
   * @param volumes is told the volumes of the answer
   */
  record Request(String method, ObjectNode body, AnswerReader.Volumes volumes) {
    private byte[] bytes() {
      return JsonTree.bytes(Json.FACTORY, body);
    }
  }

  /**
   * Sends a request once, and waits for its answer.
   *
   * @param reached when the connection has to be there
   * @param answered when the whole answer has to be there
   */
  Reply post(Plugin plugin, Request request, Deadline reached, Deadline answered)
      throws NotReachedException, NoAnswerException {
    boolean sent = false;
    try (StreamSocket stream = StreamSocket.connect(address(plugin, reached), reached.left())) {
      PluginSocket plain = new PluginSocket(stream, reached);
      Socket socket = secured(plain, plugin.address());
      plain.until(answered);
      // Only the stream is closed: a farewell that fails must not turn an answer into none.
      DefaultBHttpClientConnection connection = new DefaultBHttpClientConnection(LIMITS);
      connection.bind(socket);
      sent = true;
      send(connection, plugin, request);
      plain.allow(LONGEST_HEAD);
      ClassicHttpResponse response = received(connection);
      plain.allow(Long.MAX_VALUE);
      return read(plugin, response, request.volumes(), answered);
    } catch (IOException | HttpException e) {
      if (sent) {
        throw new NoAnswerException(
            "%s did not answer %s: %s".formatted(plugin, request.method(), reason(e, answered)), e);
      }
      throw new NotReachedException(
          "%s cannot be reached: %s; is it running?".formatted(plugin, reason(e, reached)), e);
    }
  }

  private static SocketAddress address(Plugin plugin, Deadline deadline) throws IOException {
    return switch (plugin.address()) {
      case PluginAddress.Unix unix -> UnixDomainSocketAddress.of(unix.socket());
      case PluginAddress.Tcp tcp -> resolve(tcp.host(), tcp.port(), deadline);
      case PluginAddress.Tls tls -> resolve(tls.host(), tls.port(), deadline);
    };
  }

  /**
   * The resolver's own timeouts are longer than a deadline may be, and it cannot be interrupted.
   */
  private static InetSocketAddress resolve(String host, int port, Deadline deadline)
      throws IOException {
    CompletableFuture<InetAddress> found = new CompletableFuture<>();
    Thread resolver =
        new Thread(
            () -> {
              try {
                found.complete(InetAddress.getByName(host));
              } catch (IOException e) {
                found.completeExceptionally(e);
              }
            },
            "dvdi-resolve " + host);
    resolver.setDaemon(true);
    resolver.start();
    try {
      return new InetSocketAddress(
          found.get(deadline.left().toNanos(), TimeUnit.NANOSECONDS), port);
    } catch (ExecutionException | TimeoutException e) {
      throw new IOException("the host '%s' is not known".formatted(host), e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new ClosedByInterruptException();
    }
  }

  private static Socket secured(Socket plain, PluginAddress address) throws IOException {
    if (!(address instanceof PluginAddress.Tls tls)) {
      return plain;
    }
    SSLSocket socket =
        (SSLSocket)
            tls.settings()
                .context()
                .getSocketFactory()
                .createSocket(plain, tls.host(), tls.port(), true);
    if (!tls.settings().trustAnyone()) {
      SSLParameters parameters = socket.getSSLParameters();
      parameters.setEndpointIdentificationAlgorithm("HTTPS");
      socket.setSSLParameters(parameters);
    }
    socket.startHandshake();
    return socket;
  }

  private static void send(DefaultBHttpClientConnection connection, Plugin plugin, Request request)
      throws IOException, HttpException {
    byte[] body = request.bytes();
    BasicClassicHttpRequest head = new BasicClassicHttpRequest("POST", "/" + request.method());
    head.setHeader("Host", host(plugin.address()));
    head.setHeader("Accept", MEDIA_TYPE);
    head.setHeader("Content-Length", body.length);
    head.setHeader("Connection", "close");
    head.setEntity(new ByteArrayEntity(body, null));
    connection.sendRequestHeader(head);
    connection.sendRequestEntity(head);
    connection.flush();
  }

  /**
   * The head of the final answer. The HTTP library refuses some heads with an unchecked exception,
   * such as status 0 or a negative version.
   */
  private static ClassicHttpResponse received(DefaultBHttpClientConnection connection)
      throws IOException, HttpException {
    try {
      for (int i = 0; i < MOST_HEADS; i++) {
        ClassicHttpResponse response = connection.receiveResponseHeader();
        int status = response.getCode();
        if (status < 100 || status > 999) {
          throw new ProtocolException("its answer cannot be understood: HTTP status %d", status);
        }
        if (status >= FIRST_FINAL_STATUS) {
          connection.receiveResponseEntity(response);
          return response;
        }
      }
    } catch (RuntimeException e) {
      throw new ProtocolException("its answer cannot be understood: " + e.getMessage(), e);
    }
    throw new ProtocolException("it sent %d provisional answers and no final one", MOST_HEADS);
  }

  /**
   * Reads the body when it is this answer's turn. However many calls a plugin answers at once, it
   * takes no memory that others need: they wait for it alone.
   */
  private Reply read(
      Plugin plugin, ClassicHttpResponse response, AnswerReader.Volumes volumes, Deadline deadline)
      throws IOException {
    Semaphore turns =
        readers.computeIfAbsent(plugin.toString(), key -> new Semaphore(MOST_READERS, true));
    try {
      if (!turns.tryAcquire(deadline.left().toNanos(), TimeUnit.NANOSECONDS)) {
        throw new IOException("other answers of it are still being read");
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new ClosedByInterruptException();
    }
    try {
      HttpEntity entity = response.getEntity();
      InputStream body = entity == null ? InputStream.nullInputStream() : entity.getContent();
      return Reply.read(plugin, response.getCode(), body, volumes);
    } finally {
      turns.release();
    }
  }

  private static String host(PluginAddress address) {
    return switch (address) {
      case PluginAddress.Unix unix -> "localhost";
      case PluginAddress.Tcp tcp -> host(tcp.host(), tcp.port());
      case PluginAddress.Tls tls -> host(tls.host(), tls.port());
    };
  }

  private static String host(String host, int port) {
    return (host.contains(":") ? "[" + host + "]" : host) + ":" + port;
  }

  private static String reason(Exception e, Deadline deadline) {
    if (e instanceof ClosedByInterruptException) {
      return "the module is closing";
    }
    if (deadline.left().isZero()) {
      return "it took longer than " + deadline.words();
    }
    return e.getMessage() == null ? e.getClass().getSimpleName() : e.getMessage();
  }
}
