// SPDX-License-Identifier: Apache-2.0
package io.dvdi.driver.plugin;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.Channels;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A plugin on a unix socket whose every byte a test can choose. Without further word it is a
 * well-behaved one.
 */
public final class StandInPlugin implements AutoCloseable {
  /** What happens at a request. */
  @FunctionalInterface
  public interface Habit {
    void answer(Request request, OutputStream out) throws IOException, InterruptedException;
  }

  /** A request: its method without "VolumeDriver.", its head and its body. */
  public record Request(String method, String head, JsonNode body, String text) {}

  private static final ObjectMapper JSON = new ObjectMapper();
  private static final Pattern LENGTH = Pattern.compile("(?im)^content-length: *([0-9]+)");

  private static final String END = "\r\n\r\n";

  private final Thread accepting;
  private final Map<String, Habit> habits = new ConcurrentHashMap<>();
  private final List<SocketChannel> connections = new CopyOnWriteArrayList<>();
  private final ServerSocketChannel server;
  private final Path socket;

  public final List<Request> requests = new CopyOnWriteArrayList<>();

  /** Names of volumes that exist. */
  public final List<String> volumes = new CopyOnWriteArrayList<>();

  /** Released when the plugin ends. */
  final CountDownLatch end = new CountDownLatch(1);

  /**
   * One whose socket has a long path, which none can be bound to, see unix(7).
   *
   * @param bound a short path, on the same file system
   */
  static StandInPlugin at(Path socket, Path bound) throws IOException {
    StandInPlugin plugin = new StandInPlugin(bound);
    Files.move(bound, socket);
    return plugin;
  }

  public StandInPlugin(Path socket) throws IOException {
    this.socket = socket;
    this.server = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
    server.bind(UnixDomainSocketAddress.of(socket));
    accepting = start(this::accept);
    on(
        "Plugin.Activate",
        (request, out) -> out.write(json(200, "{\"Implements\":[\"VolumeDriver\"]}")));
    on(
        "Get",
        (request, out) ->
            out.write(
                volumes.contains(name(request))
                    ? json(200, "{\"Volume\":{\"Name\":\"" + name(request) + "\"}}")
                    : json(500, "{\"Err\":\"volume not found\"}")));
    on(
        "List",
        (request, out) ->
            out.write(
                json(
                    200,
                    "{\"Volumes\":["
                        + String.join(
                            ",",
                            volumes.stream().map(name -> "{\"Name\":\"" + name + "\"}").toList())
                        + "]}")));
    on(
        "Create",
        (request, out) -> {
          volumes.add(name(request));
          out.write(json(200, "{}"));
        });
    on(
        "Mount",
        (request, out) -> out.write(json(200, "{\"Mountpoint\":\"/mnt/" + name(request) + "\"}")));
    on("Unmount", (request, out) -> out.write(json(200, "{}")));
  }

  public StandInPlugin on(String method, Habit habit) {
    habits.put(method, habit);
    return this;
  }

  public StandInPlugin on(String method, byte[] reply) {
    return on(method, (request, out) -> out.write(reply));
  }

  /** How often a method was called. */
  public long count(String method) {
    return methods().stream().filter(method::equals).count();
  }

  /** The methods that were called, in their order. */
  public List<String> methods() {
    return requests.stream().map(Request::method).toList();
  }

  public Request last(String method) {
    return requests.stream()
        .filter(request -> request.method().equals(method))
        .reduce((a, b) -> b)
        .orElseThrow();
  }

  public static String name(Request request) {
    return request.body().path("Name").asText();
  }

  public static byte[] json(int status, String body) {
    return reply(status, "application/vnd.docker.plugins.v1.1+json", body);
  }

  public static byte[] reply(int status, String type, String body) {
    return "HTTP/1.1 %d Any\r\nContent-Type: %s\r\nContent-Length: %d\r\n\r\n%s"
        .formatted(status, type, body.getBytes(UTF_8).length, body)
        .getBytes(UTF_8);
  }

  /** In pieces of few bytes each, so that no piece holds what belongs together. */
  public static byte[] chunked(String body) {
    StringBuilder reply =
        new StringBuilder("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n");
    for (int i = 0; i < body.length(); i += 7) {
      String piece = body.substring(i, Math.min(body.length(), i + 7));
      reply.append(Integer.toHexString(piece.length())).append("\r\n").append(piece).append("\r\n");
    }
    return reply.append("0\r\n\r\n").toString().getBytes(ISO_8859_1);
  }

  static byte[] untilClose(String body) {
    return ("HTTP/1.0 200 OK\r\n\r\n" + body).getBytes(UTF_8);
  }

  /** Never answers. */
  public Habit hang() {
    return (request, out) -> end.await();
  }

  /** Answers half, and then nothing more. */
  Habit hangAfterHalf(byte[] reply) {
    return (request, out) -> {
      out.write(reply, 0, reply.length - 5);
      out.flush();
      end.await();
    };
  }

  /** What others see when the plugin is killed: its connections end, and its socket refuses. */
  public void kill() throws IOException {
    server.close();
    try {
      accepting.join(); // a connection that comes while it is closed is accepted yet
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    for (SocketChannel connection : connections) {
      connection.close();
    }
    end.countDown();
  }

  @Override
  public void close() throws IOException {
    kill();
    Files.deleteIfExists(socket);
  }

  private void accept() {
    try {
      while (true) {
        SocketChannel connection = server.accept();
        connections.add(connection);
        Thread unused = start(() -> serve(connection));
      }
    } catch (IOException e) {
      // The end.
    }
  }

  private void serve(SocketChannel connection) {
    try (connection) {
      InputStream in = new BufferedInputStream(Channels.newInputStream(connection));
      Request request = read(in);
      while (request != null) {
        requests.add(request);
        Habit habit = habits.get(request.method());
        OutputStream out = Channels.newOutputStream(connection);
        if (habit == null) {
          out.write(reply(404, "text/plain", "404 page not found\n"));
        } else {
          habit.answer(request, out);
        }
        boolean last = request.head().toLowerCase(Locale.ROOT).contains("connection: close");
        request = last ? null : read(in);
      }
    } catch (IOException | InterruptedException e) {
      // The client went away, or the test is over.
    }
  }

  private static @Nullable Request read(InputStream in) throws IOException {
    StringBuilder bytes = new StringBuilder();
    while (bytes.length() < END.length() || bytes.indexOf(END, bytes.length() - END.length()) < 0) {
      int b = in.read();
      if (b < 0) {
        return null;
      }
      bytes.append((char) b);
    }
    String head = bytes.toString();
    Matcher length = LENGTH.matcher(head);
    byte[] body = in.readNBytes(length.find() ? Integer.parseInt(length.group(1)) : 0);
    String method = head.split(" ", 3)[1].substring(1).replace("VolumeDriver.", "");
    return new Request(method, head, JSON.readTree(body), new String(body, UTF_8));
  }

  private static Thread start(Runnable body) {
    Thread thread = new Thread(body, "stand-in plugin");
    thread.setDaemon(true);
    thread.start();
    return thread;
  }
}
