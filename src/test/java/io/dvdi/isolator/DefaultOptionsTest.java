// SPDX-License-Identifier: Apache-2.0
package io.dvdi.isolator;

import static io.dvdi.isolator.IsolatorFixture.eventually;
import static io.dvdi.isolator.IsolatorFixture.success;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.dvdi.testing.RecordFiles;
import io.dvdi.volume.ContainerVolume;
import io.dvdi.volume.Options;
import java.io.IOException;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Options that the operator has set for tasks that give none, or others. */
class DefaultOptionsTest extends RunningIsolator {
  private void operatorSets(String options, String... alive) {
    host.defaultOptions = Options.parse("default_options.tmp", options);
    host.restart(alive);
  }

  private Container container(String id, String options) {
    List<Map.Entry<String, String>> variables = new ArrayList<>();
    variables.add(Map.entry("DVDI_VOLUME_NAME", "data"));
    if (!options.isEmpty()) {
      variables.add(Map.entry("DVDI_VOLUME_OPTS", options));
    }
    return host.container(id, variables);
  }

  private void prepare(String id, String options) {
    Object unused = success(host.isolator.prepare(container(id, options)));
  }

  private Map<String, String> mountedWith() {
    return host.driver.options.getOrDefault("data", Options.NONE).values();
  }

  @Test
  void aTaskGetsThoseThatItDoesNotGiveItself() {
    operatorSets("size=1,newfstype=xfs");

    prepare("c1", "");
    assertEquals(Map.of("size", "1", "newfstype", "xfs"), mountedWith());
    host.cleanup("c1");
    prepare("c2", "size=5,iops=10");
    assertEquals(Map.of("size", "5", "iops", "10", "newfstype", "xfs"), mountedWith());
    host.cleanup("c2");

    nothingIsLeft();
  }

  @Test
  void aVolumeOfContainerInfoGetsThemToo() {
    operatorSets("size=1");

    Object unused =
        success(
            host.isolator.prepare(
                host.container(
                    "c1",
                    new ContainerVolume(Optional.of("tmp"), "data", "in", List.of(), false))));

    assertEquals(Map.of("size", "1"), mountedWith());
  }

  @Test
  void withThemADriverThatNeedsOptionsMountsForATaskThatGivesNone() {
    host.driver.needsOptions();
    operatorSets("size=1");

    prepare("c1", "");

    assertEquals(List.of("data"), host.mounts());
  }

  /** One who gives none, in whichever order, and one who gives what the other has by default. */
  @ParameterizedTest
  @CsvSource({"'',size=5", "size=5,''", "size=5,size=5", "'size=1,newfstype=xfs',newfstype=xfs"})
  void tasksShareAVolumeAsWithoutThem(String first, String second) {
    operatorSets("size=1");

    prepare("c1", first);
    prepare("c2", second);

    assertEquals(List.of("mount data"), host.driver.calls);
  }

  @ParameterizedTest
  @CsvSource({"size=5,size=6", "size=6,size=5", "size=5,newfstype=xfs"})
  void tasksThatGiveDifferentOptionsDoNot(String first, String second) {
    operatorSets("size=1");

    prepare("c1", first);

    String failure = host.prepareFails(container("c2", second));
    assertTrue(failure.contains("is in use by containers [c1] with other options"), failure);
  }

  /** The record has what the volume is mounted with, and what its task gave. */
  @ParameterizedTest
  @CsvSource({"'',size=9", "size=5,'size=9,iops=3'", "size=5,''"})
  void anotherDefaultNeitherRefusesNorRemountsAVolumeInUse(String given, String next)
      throws IOException {
    operatorSets("size=1,newfstype=xfs");
    prepare("c1", given);
    Map<String, String> before = mountedWith();

    operatorSets(next, "c1");
    prepare("c2", given);
    prepare("c3", "");

    assertEquals(List.of("mount data"), host.driver.calls);
    assertEquals(before, mountedWith());
    // Two tasks with other options still do not share it.
    if (!given.isEmpty()) {
      assertTrue(host.prepareFails(container("c4", "size=6")).contains("with other options"));
    }
    // And a third agent, with the first one's defaults again, knows the same.
    operatorSets("size=1,newfstype=xfs", "c2");
    prepare("c5", given);
    assertEquals(List.of("mount data"), host.driver.calls);
    host.cleanup("c2");
    host.cleanup("c5");
    nothingIsLeft();

    operatorSets(next);
    prepare("c6", "");
    assertEquals(Options.parse("o", next).values(), mountedWith());
  }

  /** Nobody has it, so that nobody is disturbed. */
  @Test
  void aVolumeThatNobodyHasAnyMoreIsMountedAnewWithTheNextDefault() {
    operatorSets("size=1");
    prepare("c1", "");

    operatorSets("size=9"); // c1 has ended meanwhile
    prepare("c2", "");

    assertEquals(Map.of("size", "9"), mountedWith());
    assertEquals(List.of("mount data", "unmount data", "mount data"), host.driver.calls);
  }

  @Test
  void theirValuesAreOnRecordAndInNoMessage() throws IOException {
    operatorSets("password=s3cret");

    prepare("c1", "size=5");
    String failure = host.prepareFails(container("c2", "size=6"));

    String record = RecordFiles.below(host.records).getFirst();
    assertTrue(Files.readString(host.records.resolve(record)).contains("s3cret"));
    assertFalse(failure.contains("s3cret"), failure);
    host.cleanup("c1");
    eventually("nothing is left", () -> host.recordCount() == 0);
    assertTrue(host.log.stream().noneMatch(line -> line.contains("s3cret")), host.log.toString());
  }
}
