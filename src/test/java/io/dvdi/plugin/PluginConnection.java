// SPDX-License-Identifier: Apache-2.0
package io.dvdi.plugin;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.channels.Channels;
import java.nio.channels.SocketChannel;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** One client's connection: its requests, one after another, each done by the script's steps. */
final class PluginConnection {
  private static final Pattern LENGTH = Pattern.compile("(?im)^content-length: *([0-9]+)");
  private static final String END = "\r\n\r\n";

  private final SocketChannel channel;
  private final Script script;
  private final VolumeStore store;
  private final CallLog calls;

  PluginConnection(SocketChannel channel, Script script, VolumeStore store, CallLog calls) {
    this.channel = channel;
    this.script = script;
    this.store = store;
    this.calls = calls;
  }

  private record Request(String method, JsonNode body) {
    String volume() {
      return body.path("Name").asText();
    }

    String id() {
      return body.path("ID").asText();
    }
  }

  void serve() {
    try (channel) {
      InputStream in = new BufferedInputStream(Channels.newInputStream(channel));
      OutputStream out = Channels.newOutputStream(channel);
      for (Request request = read(in); request != null; request = read(in)) {
        calls.came(request.method(), request.volume(), request.id());
        if (!answered(request, out)) {
          return;
        }
      }
    } catch (IOException | InterruptedException e) {
      // The client went away.
    }
  }

  /** Takes the steps. True when the client was answered, and may ask again. */
  private boolean answered(Request request, OutputStream out)
      throws IOException, InterruptedException {
    boolean answered = false;
    Reply done = null;
    for (Step step : script.at(request.method(), request.volume())) {
      switch (step) {
        case Step.Wait wait -> Thread.sleep(wait.time());
        case Step.Until until -> script.await(until.name());
        case Step.Do unused -> {
          done = reply(request);
          calls.done(request.method(), request.volume(), request.id());
        }
        case Step.Forget unused -> store.forget(request.volume(), request.id());
        case Step.Answer answer -> {
          send(out, answer.mountpoint().map(PluginConnection::at).orElse(orSuccess(request, done)));
          answered = true;
        }
        case Step.Refuse refuse -> {
          send(out, Reply.bad(refuse.words()));
          answered = true;
        }
        case Step.Send raw -> {
          send(out, raw.bytes());
          channel.close();
        }
        case Step.Drop unused -> channel.close();
        case Step.Hang unused -> script.awaitEnd();
      }
    }
    return answered && channel.isOpen();
  }

  private static Reply at(String mountpoint) {
    return Reply.good(Map.of("Mountpoint", mountpoint));
  }

  private Reply orSuccess(Request request, @Nullable Reply done) {
    if (done != null) {
      return done;
    }
    return request.method().equals("Mount")
        ? at(store.mountpoint(request.volume()).toString())
        : Reply.good(Map.of());
  }

  private Reply reply(Request request) throws IOException {
    return switch (request.method()) {
      case "Activate" -> Reply.good(Map.of("Implements", List.of("VolumeDriver")));
      case "Capabilities" -> Reply.good(Map.of("Capabilities", Map.of("Scope", "local")));
      default -> store.call(request.method(), request.volume(), request.id());
    };
  }

  private static void send(OutputStream out, Reply reply) {
    send(out, reply.bytes());
  }

  /** What is done after a client has gone is done all the same. */
  private static void send(OutputStream out, byte[] bytes) {
    try {
      out.write(bytes);
    } catch (IOException e) {
      // Nobody listens any more.
    }
  }

  private static @Nullable Request read(InputStream in) throws IOException {
    StringBuilder head = new StringBuilder();
    while (head.length() < END.length() || head.indexOf(END, head.length() - END.length()) < 0) {
      int next = in.read();
      if (next < 0) {
        return null;
      }
      head.append((char) next);
    }
    Matcher length = LENGTH.matcher(head);
    byte[] body = in.readNBytes(length.find() ? Integer.parseInt(length.group(1)) : 0);
    String path = head.toString().split(" ", 3)[1];
    return new Request(path.substring(path.lastIndexOf('.') + 1), Reply.JSON.readTree(body));
  }
}
