// SPDX-License-Identifier: Apache-2.0
package io.dvdi.driver.plugin;

import static java.nio.charset.StandardCharsets.US_ASCII;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.dvdi.benchmarks.FastPlugin;
import io.dvdi.driver.Deadline;
import io.dvdi.linux.TmpfsFolder;
import java.io.IOException;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/**
 * One question to a plugin and its answer, on a connection of its own: Get of a volume. {@code
 * call} looks for the plugin first, {@code exchange} does not, and {@code socket} is the JDK's
 * socket without HTTP and JSON.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.SampleTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Warmup(iterations = 2, time = 1)
@Measurement(iterations = 4, time = 500, timeUnit = TimeUnit.MILLISECONDS)
@Fork(1)
public class PluginBenchmark {
  private static final String METHOD = "VolumeDriver.Get";
  private static final byte[] REQUEST =
      ("POST /VolumeDriver.Get HTTP/1.1\r\nHost: plugin\r\nContent-Length: 15\r\n\r\n"
              + "{\"Name\":\"data\"}")
          .getBytes(US_ASCII);

  private final ByteBuffer buffer = ByteBuffer.allocateDirect(4096);
  private Optional<TmpfsFolder> folder = Optional.empty();
  private Optional<FastPlugin> plugin = Optional.empty();
  private Optional<Caller> caller = Optional.empty();
  private Optional<Exchange> exchange = Optional.empty();
  private Optional<Plugin> found = Optional.empty();

  @Setup(Level.Trial)
  public void start() throws IOException {
    TmpfsFolder tmpfs = new TmpfsFolder();
    folder = Optional.of(tmpfs);
    FastPlugin started = new FastPlugin(tmpfs.path());
    plugin = Optional.of(started);
    caller =
        Optional.of(
            new Caller(new PluginDiscovery(started.folders()), Duration.ZERO, waiting -> {}));
    exchange = Optional.of(new Exchange());
    found = Optional.of(new Plugin(new PluginAddress.Unix(started.socket()), Optional.empty()));
  }

  private static ObjectNode body() {
    return Json.object().put("Name", "data");
  }

  @Benchmark
  public Reply call() throws NotReachedException, NoAnswerException {
    return caller.orElseThrow().call(FastPlugin.NAME, METHOD, body(), Deadline.never());
  }

  @Benchmark
  public Reply exchange() throws NotReachedException, NoAnswerException {
    Exchange.Request request = new Exchange.Request(METHOD, body(), AnswerReader.Volumes.UNUSED);
    return exchange
        .orElseThrow()
        .post(found.orElseThrow(), request, Deadline.never(), Deadline.never());
  }

  @Benchmark
  public int socket() throws IOException {
    try (SocketChannel channel =
        SocketChannel.open(UnixDomainSocketAddress.of(plugin.orElseThrow().socket()))) {
      buffer.clear().put(REQUEST).flip();
      while (buffer.hasRemaining()) {
        channel.write(buffer);
      }
      return channel.read(buffer.clear()); // the plugin writes its answer at once
    }
  }

  @TearDown(Level.Trial)
  public void stop() throws IOException {
    plugin.orElseThrow().close();
    folder.orElseThrow().close();
  }
}
