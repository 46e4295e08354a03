// SPDX-License-Identifier: Apache-2.0
package io.dvdi.driver.local;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.dvdi.lifecycle.Told;
import io.dvdi.lifecycle.Told.Existence;
import io.dvdi.lifecycle.VolumeEvent.Failed;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Processes that mount and unmount, left by an agent that was killed. */
class DiskMountsTest extends ImageVolumesFixture {
  private @Nullable Process blocked;

  private Path lock(String volume) {
    return mounts.folder().resolve("mounting").resolve(volume);
  }

  /** Has a process take the lock of a volume, as mount(8) that is blocked in the kernel. */
  private void block(String volume) throws Exception {
    Process process =
        new ProcessBuilder(
                "flock", "--no-fork", lock(volume).toString(), "sh", "-c", "echo; exec sleep 600")
            .start();
    blocked = process;
    assertEquals('\n', process.getInputStream().read());
  }

  @AfterEach
  void end() throws Exception {
    if (blocked != null) {
      int unused = blocked.destroyForcibly().waitFor();
    }
  }

  @Test
  void aVolumeIsLeftAloneUntilTheProcessHasEnded() throws Exception {
    volumes.mount("pg", "size", "1");
    volumes.unmount("pg");
    block("pg");
    Told told = volumes.ask("pg");
    assertEquals(Existence.NO_ANSWER, told.existence());
    assertTrue(told.words().contains("fuser -v " + lock("pg")), told.words());
    assertEquals(told.words(), assertInstanceOf(Failed.class, volumes.mountOnly("pg")).words());
    volumes.assertNothingMounted();
    volumes.mount("other", "type", "tmpfs", "device", "tmpfs");
    volumes.unmount("other");
    end();

    volumes.mount("pg");
    block("pg");
    assertInstanceOf(Failed.class, volumes.tryUnmount("pg"));
    assertEquals("ext4", volumes.line(volumes.mountpoint("pg")).type());
    end();
    volumes.unmount("pg");
    volumes.assertNothingMounted();
  }

  @Test
  void onlyRootCanTakeALock() throws Exception {
    volumes.mount("pg", "size", "1");
    volumes.unmount("pg");

    assertEquals(
        "rwx------",
        PosixFilePermissions.toString(
            Files.getPosixFilePermissions(mounts.folder().resolve("mounting"))));
  }

  @Test
  void unmountOfWhatIsUsedChangesNothingHoweverOftenItIsTried() throws Exception {
    Path path = volumes.path("pg", "size", "1");
    try (OutputStream used = Files.newOutputStream(path.resolve("used"))) {
      used.write(7);
      for (int i = 0; i < 3; i++) {
        assertTrue(
            assertInstanceOf(Failed.class, volumes.tryUnmount("pg")).words().contains("EBUSY"));
      }
    }
    volumes.unmount("pg");
    volumes.unmount("pg");
    volumes.assertNothingMounted();
  }
}
