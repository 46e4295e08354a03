// SPDX-License-Identifier: Apache-2.0
package io.dvdi.isolator;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.dvdi.checkpoint.Records;
import io.dvdi.driver.DriverException;
import io.dvdi.lifecycle.VolumeRecord;
import io.dvdi.predecessor.Dvdimounts;
import io.dvdi.predecessor.DvdimountsFile;
import io.dvdi.volume.VolumeId;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Volumes of a predecessor stay mounted as long as a container has them. */
class TakeoverTest extends TakeoverFixture {
  @Test
  void whatALivingContainerHoldsStaysAndTheRestIsUnmounted() throws Exception {
    String a = mounted("a");
    String b = mounted("b");

    fromDvdi(new Dvdimounts().mount("alive", "tmp", "a", a).mount("dead", "tmp", "b", b), "alive");

    assertEquals(List.of("a"), host.mounts());
    assertEquals(List.of("unmount b"), host.driver.calls);
    assertEquals(1, host.recordCount());
    assertTrue(logHas("volume 'a' (driver tmp) is imported from " + file), host.log::toString);

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
    assertTrue(logHas("is already on record"), host.log::toString);
    host.cleanup("ours");
    assertEquals(List.of(), host.mounts());
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
          public Path fileOf(VolumeId id) {
            return Path.of(id.name());
          }

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
}
