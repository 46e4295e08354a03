// SPDX-License-Identifier: Apache-2.0
package io.dvdi.mesos;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;
import java.util.Map;

/** The least that a client can do, to measure how long a plugin itself takes for a volume. */
final class BareClient {
  private final Path socket;

  BareClient(Path socket) {
    this.socket = socket;
  }

  void create(String volume, Map<String, String> options) throws IOException {
    ObjectNode create = named(volume);
    options.forEach(create.putObject("Opts")::put);
    String unused = call(request("VolumeDriver.Create", create));
  }

  /** Mounts a volume that exists, and returns how many milliseconds that took. */
  double mount(String volume) throws IOException {
    byte[][] requests = {
      request("VolumeDriver.Get", named(volume)),
      request("VolumeDriver.Mount", named(volume).put("ID", volume))
    };
    String answer = "";
    long begun = System.nanoTime();
    for (byte[] request : requests) {
      answer = call(request);
    }
    double took = (System.nanoTime() - begun) / 1e6;
    if (!answer.contains("\"Mountpoint\"")) {
      throw new IOException("rclone did not mount " + volume + ": " + answer);
    }
    return took;
  }

  void unmount(String volume) throws IOException {
    String unused = call(request("VolumeDriver.Unmount", named(volume).put("ID", volume)));
  }

  private static ObjectNode named(String volume) {
    return Json.object().put("Name", volume);
  }

  private static byte[] request(String method, ObjectNode body) {
    byte[] text = body.toString().getBytes(UTF_8);
    String head =
        "POST /%s HTTP/1.1\r\nHost: l\r\nConnection: close\r\nContent-Length: %d\r\n\r\n"
            .formatted(method, text.length);
    return (head + body).getBytes(UTF_8);
  }

  private String call(byte[] request) throws IOException {
    try (SocketChannel channel = SocketChannel.open(StandardProtocolFamily.UNIX)) {
      channel.connect(UnixDomainSocketAddress.of(socket));
      channel.write(ByteBuffer.wrap(request));
      return new String(Channels.newInputStream(channel).readAllBytes(), UTF_8);
    }
  }
}
