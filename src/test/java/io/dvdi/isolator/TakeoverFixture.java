// SPDX-License-Identifier: Apache-2.0
package io.dvdi.isolator;

import io.dvdi.checkpoint.Records;
import io.dvdi.linux.MountCalls;
import io.dvdi.predecessor.Dvdimounts;
import io.dvdi.predecessor.DvdimountsFile;
import io.dvdi.predecessor.Source;
import io.dvdi.predecessor.Surroundings;
import io.dvdi.predecessor.Takeover;
import io.dvdi.volume.Options;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

/** A predecessor's agent ends, and ours starts in its place, on real mounts. */
abstract class TakeoverFixture {
  @TempDir Path folder;
  private final ExecutorService threads = Executors.newCachedThreadPool();
  IsolatorFixture host;
  Path file;
  Path containers;
  Instant booted = Instant.EPOCH;
  Records records;

  @BeforeEach
  void start() throws IOException {
    host = new IsolatorFixture(folder);
    file = folder.resolve("dvdimounts.pb");
    containers = Files.createDirectory(folder.resolve("docker-volume"));
    records = host.recordFolder;
  }

  @AfterEach
  void stop() throws IOException {
    host.close();
    threads.shutdownNow();
  }

  /** The predecessor's agent ends, and ours starts, with these containers alive. */
  void switchFrom(Source source, String... alive) {
    host.predecessors =
        new Takeover(
            List.of(source),
            folder.resolve("imported"),
            new Surroundings(
                new OneDriver("tmp", host.driver, Set.of(), Set.of(), Options.NONE),
                IsolatorFixture.mounts(threads)),
            records,
            (level, text) -> host.log.add(level + " " + text),
            booted);
    host.restart(alive);
  }

  void fromDvdi(Dvdimounts mounts, String... alive) throws IOException {
    Files.write(file, mounts.file());
    switchFrom(new DvdimountsFile(file), alive);
  }

  /** As a predecessor had it mounted: without a mount ID. */
  String mounted(String name) throws Exception {
    Path path = Files.createDirectories(host.driver.path(name));
    MountCalls.mount("tmpfs", path, "tmpfs", 0, "size=1m");
    host.driver.mountIds.put(name, List.of(""));
    return path.toString();
  }

  Dvdimounts listed(String container, String name) {
    return new Dvdimounts().mount(container, "tmp", name, host.driver.path(name).toString());
  }

  boolean logHas(String text) {
    return host.log.stream().anyMatch(line -> line.contains(text));
  }

  long errors() {
    return host.log.stream().filter(line -> line.startsWith("ERROR")).count();
  }
}
