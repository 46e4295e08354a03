// SPDX-License-Identifier: Apache-2.0
package io.dvdi.isolator;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.file.Files;
import java.util.List;
import org.junit.jupiter.api.Test;

/**
 * What mesos-module-dvdi does when its agent starts again, one test a rule: kept, mended, or what
 * has become of it and which parameter brings it back. docs/from-mesos-module-dvdi.md says the same
 * in words.
 */
class PredecessorRecoveryTest extends RunningIsolator {
  @Test
  void aContainerThatTheAgentFindsKeepsItsVolume() {
    host.prepare("c1", "a");
    host.restart("c1");
    assertEquals(List.of("a"), host.mounts());
    host.cleanup("c1");
    assertEquals(List.of(), host.mounts());
  }

  @Test
  void aKnownOrphanKeepsItsVolumeUntilItsCleanup() { // mesos-module-dvdi#95
    host.prepare("orphan", "a");
    // A host names its orphans among those that are alive, and cleans them up after that.
    host.restart("orphan");
    assertEquals(List.of("a"), host.mounts());
    host.cleanup("orphan");
    assertEquals(List.of(), host.mounts());
  }

  @Test
  void whatIsHeldByNobodyAnyMoreIsUnmounted() {
    host.prepare("c1", "a");
    host.restart();
    assertEquals(List.of(), host.mounts());
  }

  @Test
  void twoUsersOfAVolumeAreKnownAfterTheSecondRestartToo() {
    host.prepare("c1", "a");
    host.prepare("c2", "a");
    host.restart("c1", "c2");
    host.restart("c1", "c2");
    host.cleanup("c1");
    assertEquals(List.of("a"), host.mounts());
  }

  @Test
  void aBrokenRecordDoesNotMakeItForgetTheOthers() throws IOException {
    host.prepare("c1", "a");
    Files.writeString(host.records.resolve("tmp-broken.json"), "{");
    host.restart();
    assertEquals(List.of(), host.mounts());
  }

  @Test
  void theRecordsDoNotOutliveABoot() { // mesos-module-dvdi#94 put them where a boot removes them
    host.prepare("c1", "a");
    host.restartAfterBoot("next-boot", "c1");
    assertEquals(0, host.recordCount());
    assertEquals(0, host.driver.count("unmount a"));
  }
}
