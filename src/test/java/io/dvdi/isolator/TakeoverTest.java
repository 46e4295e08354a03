// SPDX-License-Identifier: Apache-2.0
package io.dvdi.isolator;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.dvdi.checkpoint.Records;
import io.dvdi.driver.DriverException;
import io.dvdi.lifecycle.VolumeRecord;
import io.dvdi.linux.MountCalls;
import io.dvdi.predecessor.DockerVolumeFolder;
import io.dvdi.predecessor.Dvdimounts;
import io.dvdi.predecessor.DvdimountsFile;
import io.dvdi.predecessor.Source;
import io.dvdi.predecessor.Surroundings;
import io.dvdi.predecessor.Takeover;
import io.dvdi.volume.VolumeId;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A predecessor's agent ends, and ours starts in its place, on real mounts. */
class TakeoverTest {
  @TempDir Path folder;
  private final ExecutorService threads = Executors.newCachedThreadPool();
  private IsolatorFixture host;
  private Path file;
  private Path containers;
  private Instant booted = Instant.EPOCH;
  private Records records;

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
  private void switchFrom(Source source, String... alive) {
    host.predecessors =
        new Takeover(
            List.of(source),
            folder.resolve("imported"),
            new Surroundings(
                new OneDriver("tmp", host.driver), IsolatorFixture.mounts(threads), Set.of()),
            records,
            (level, text) -> host.log.add(level + " " + text),
            booted);
    host.restart(alive);
  }

  private void fromDvdi(Dvdimounts mounts, String... alive) throws IOException {
    Files.write(file, mounts.file());
    switchFrom(new DvdimountsFile(file), alive);
  }

  /** As a predecessor had it mounted: without a mount ID. */
  private String mounted(String name) throws Exception {
    Path path = Files.createDirectories(host.driver.path(name));
    MountCalls.mount("tmpfs", path, "tmpfs", 0, "size=1m");
    host.driver.mountIds.put(name, List.of(""));
    return path.toString();
  }

  private Dvdimounts listed(String container, String name) {
    return new Dvdimounts().mount(container, "tmp", name, host.driver.path(name).toString());
  }

  private void dockerVolume(String container, String... names) throws IOException {
    List<String> volumes =
        List.of(names).stream()
            .map(name -> "{\"driver\":\"tmp\",\"name\":\"" + name + "\"}")
            .toList();
    Files.writeString(
        Files.createDirectories(containers.resolve(container)).resolve("volumes"),
        "{\"volumes\":[" + String.join(",", volumes) + "]}");
  }

  private boolean logHas(String text) {
    return host.log.stream().anyMatch(line -> line.contains(text));
  }

  private long errors() {
    return host.log.stream().filter(line -> line.startsWith("ERROR")).count();
  }

  @Test
  void whatALivingContainerHoldsStaysAndTheRestIsUnmounted() throws Exception {
    String a = mounted("a");
    String b = mounted("b");

    fromDvdi(new Dvdimounts().mount("alive", "tmp", "a", a).mount("dead", "tmp", "b", b), "alive");

    assertEquals(List.of("a"), host.mounts());
    assertEquals(List.of("unmount b"), host.driver.calls);
    assertEquals(1, host.recordCount());
    assertTrue(logHas("volume 'a' (driver tmp) is taken over from " + file), host.log::toString);

    host.cleanup("alive");
    assertEquals(List.of(), host.mounts());
    assertEquals(0, host.recordCount());
    assertEquals(0, errors(), host.log::toString);
  }

  @Test
  void theLastOfSeveralHoldersHasItUnmounted() throws Exception {
    mounted("a");
    fromDvdi(
        new Dvdimounts()
            .mount("c1", "tmp", "a", host.driver.path("a").toString())
            .mount("gone", "tmp", "a", "")
            .mount("c2", "tmp", "a", ""),
        "c1",
        "c2");

    host.cleanup("c1");
    assertEquals(List.of("a"), host.mounts());
    host.cleanup("c2");
    assertEquals(List.of("unmount a"), host.driver.calls);
  }

  @Test
  void spellingsThatWereOneVolumeToMesosModuleDvdiAreOneMount() throws Exception {
    String a = mounted("a");
    fromDvdi(new Dvdimounts().mount("c1", "tmp", "a", a).mount("c2", "TMP", "A", a), "c2");

    assertEquals(List.of("a"), host.mounts());
    host.cleanup("c2");
    assertEquals(List.of("unmount a"), host.driver.calls);
  }

  @Test
  void aNewTaskSharesItWhateverOptionsItAsksWith() throws Exception {
    mounted("a");
    fromDvdi(listed("c1", "a"), "c1");

    IsolatorFixture.success(
        host.isolator.prepare(
            host.container(
                "new",
                List.of(
                    Map.entry("DVDI_VOLUME_NAME", "a"),
                    Map.entry("DVDI_VOLUME_OPTS", "size=5,password=x")))));
    host.cleanup("c1");
    assertEquals(List.of("a"), host.mounts());
    host.cleanup("new");
    assertEquals(List.of("unmount a"), host.driver.calls);
  }

  @Test
  void whatIsNotListedIsNotTouched() throws Exception {
    mounted("a");
    mounted("others");

    fromDvdi(listed("dead", "a"));

    assertEquals(List.of("others"), host.mounts());
  }

  @Test
  void whatIsListedButNotMountedIsLeftAlone() throws Exception {
    Files.createDirectories(host.driver.path("a"));

    fromDvdi(listed("alive", "a"), "alive");

    assertEquals(List.of(), host.driver.calls);
    assertEquals(0, host.recordCount());
    assertTrue(logHas("but it is not mounted"), host.log::toString);
    host.prepare("new", "a");
    assertEquals(List.of("mount a"), host.driver.calls);
    host.cleanup("new");
  }

  @Test
  void itIsDoneOnceAndTheCheckpointStays() throws Exception {
    mounted("a");
    fromDvdi(listed("dead", "a"));
    assertEquals(List.of(), host.mounts());
    assertTrue(Files.exists(file));

    // Somebody else's now.
    mounted("a");
    host.restart();

    assertEquals(List.of("a"), host.mounts());
    assertEquals(List.of("unmount a"), host.driver.calls);
  }

  @Test
  void whatThePredecessorMountedSinceIsTakenOverWhenItIsLeftAgain() throws Exception {
    mounted("a");
    fromDvdi(listed("dead", "a"));
    mounted("b");

    fromDvdi(listed("dead", "b"));

    assertEquals(List.of(), host.mounts());
    assertEquals(List.of("unmount a", "unmount b"), host.driver.calls);
  }

  @Test
  void aVolumeOnRecordStaysAsItIsThere() throws Exception {
    host.prepare("ours", "a");

    fromDvdi(listed("dead", "a"), "ours");

    assertEquals(List.of("a"), host.mounts());
    assertEquals(List.of("mount a"), host.driver.calls);
    assertTrue(logHas("is on record already"), host.log::toString);
    host.cleanup("ours");
    assertEquals(List.of(), host.mounts());
  }

  @ParameterizedTest
  @ValueSource(strings = {"no message", "{\"volumes\": 1"})
  void aCorruptFileIsAnErrorAndNothingElse(String content) throws Exception {
    mounted("a");
    Files.writeString(file, content);

    for (int i = 1; i <= 2; i++) {
      switchFrom(new DvdimountsFile(file));
      assertEquals(i, errors(), host.log::toString);
    }
    assertTrue(logHas(file + " is not readable (it is no protobuf message"), host.log::toString);
    assertEquals(List.of("a"), host.mounts());
    host.prepare("new", "b");
    host.cleanup("new");
  }

  @Test
  void namesThatCannotBeAreSaidAndTheOthersTakenOver() throws Exception {
    mounted("a");
    fromDvdi(
        new Dvdimounts()
            .mount("dead", "../x", "a", "/mnt")
            .mount("dead", "tmp", "", "/mnt")
            .mount("", "tmp", "b", "/mnt")
            .mount("dead", "tmp", "a", host.driver.path("a").toString()));

    assertEquals(3, errors(), host.log::toString);
    assertEquals(List.of(), host.mounts());
  }

  @Test
  void noFileAndAnEmptyOneAreNoErrors() throws Exception {
    switchFrom(new DvdimountsFile(file));
    assertTrue(logHas("there is no " + file), host.log::toString);
    Files.createFile(file);
    switchFrom(new DvdimountsFile(file));
    assertEquals(0, errors(), host.log::toString);
  }

  @Test
  void whatWasWrittenBeforeTheHostWasBootedIsNotMountedAnyMore() throws Exception {
    // By somebody else, at the place that the driver always uses.
    mounted("a");
    booted = Instant.now().plusSeconds(3600);

    fromDvdi(listed("dead", "a"));

    assertEquals(List.of("a"), host.mounts());
    assertTrue(logHas("before the host was booted"), host.log::toString);
  }

  @Test
  void nothingIsUnmountedThatIsNotOnRecordAndTheNextAgentTriesAgain() throws Exception {
    mounted("a");
    records =
        new Records() {
          @Override
          public void write(VolumeRecord record) throws IOException {
            throw new IOException("No space left on device");
          }

          @Override
          public void remove(VolumeId id) {}

          @Override
          public Optional<String> unreadable(VolumeId id) {
            return Optional.empty();
          }
        };
    fromDvdi(listed("dead", "a"));
    assertEquals(List.of("a"), host.mounts());
    assertTrue(logHas("No space left on device; the next agent tries it again"));

    records = host.recordFolder;
    switchFrom(new DvdimountsFile(file));
    assertEquals(List.of(), host.mounts());
  }

  @Test
  void aFailedUnmountIsTriedAgain() throws Exception {
    mounted("a");
    host.driver.beforeUnmount(
        "a",
        () -> {
          if (host.driver.count("unmount a") < 3) {
            throw DriverException.failed("busy");
          }
        });

    fromDvdi(listed("dead", "a"));

    IsolatorFixture.eventually("it is unmounted", () -> host.mounts().isEmpty());
    IsolatorFixture.eventually("its record is removed", () -> host.recordCount() == 0);
  }

  /** REX-Ray's way. */
  @Test
  void aFolderInsideOfTheMountIsTheVolume() throws Exception {
    Path inside = Files.createDirectory(Path.of(mounted("a")).resolve("data"));

    fromDvdi(new Dvdimounts().mount("alive", "tmp", "a", inside.toString()), "alive");

    assertEquals(1, host.recordCount());
    VolumeRecord record =
        host.recordFolder.readAll(Set.of(), (level, text) -> {}).getFirst().record().orElseThrow();
    assertTrue(record.where().mount().isPresent(), "the mount that the folder lies on");
    host.cleanup("alive");
    assertEquals(List.of(), host.mounts());
    assertEquals(0, host.recordCount());
  }

  @Test
  void dockerVolumesContainersAreToldByTheLastPartOfTheirIds() throws Exception {
    mounted("a");
    mounted("b");
    mounted("c");
    dockerVolume("child", "a", "c");
    dockerVolume("dead", "b", "c");

    switchFrom(new DockerVolumeFolder(containers), "parent.child", "another");

    assertEquals(List.of("a", "c"), host.mounts());
    host.cleanup("parent.child");
    assertEquals(List.of(), host.mounts());
    assertEquals(0, errors(), host.log::toString);
    assertTrue(Files.exists(containers.resolve("child/volumes")));
  }

  @Test
  void oneBrokenFileOfDockerVolumeDoesNotKeepTheOthers() throws Exception {
    mounted("a");
    mounted("b");
    dockerVolume("dead", "a");
    Files.writeString(Files.createDirectory(containers.resolve("x")).resolve("volumes"), "{");

    switchFrom(new DockerVolumeFolder(containers));

    assertEquals(List.of("b"), host.mounts());
    assertEquals(1, errors(), host.log::toString);
    assertFalse(logHas("'b'"));
  }
}
