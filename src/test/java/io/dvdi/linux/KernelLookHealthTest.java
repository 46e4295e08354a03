// SPDX-License-Identifier: Apache-2.0
package io.dvdi.linux;

import static io.dvdi.linux.Looks.look;
import static io.dvdi.linux.Looks.mounted;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.dvdi.lifecycle.Evidence;
import io.dvdi.lifecycle.Moment;
import io.dvdi.lifecycle.Seen.Health;
import io.dvdi.lifecycle.Seen.Mounted;
import io.dvdi.testing.Eventually;
import io.dvdi.testing.RealMounts;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.concurrent.Executors;
import java.util.concurrent.ThreadPoolExecutor;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Looks at file systems that are dead or hang, and what a look costs. */
class KernelLookHealthTest {
  @RegisterExtension private final RealMounts mounts = new RealMounts();
  private final ThreadPoolExecutor threads = (ThreadPoolExecutor) Executors.newCachedThreadPool();

  @AfterEach
  void end() {
    threads.shutdown();
  }

  private KernelLook kernel(boolean uniqueIds) throws Exception {
    return Looks.kernel(threads, uniqueIds);
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void aFileSystemWhoseServerWasKilledIsDeadAlsoBelowItsMountpoint(boolean uniqueIds)
      throws Exception {
    KernelLook kernel = kernel(uniqueIds);
    Path at = mounts.newFolder("a");
    Path data = at.resolve("data");
    Moment before = look(kernel, data).moment();
    Files.createDirectories(mounts.newFolder("source").resolve("data"));
    try (FuseServer server = FuseServer.at(mounts, "source", at)) {
      assertEquals(Health.ANSWERS, mounted(look(kernel, at)).health());
      assertEquals(Health.ANSWERS, mounted(look(kernel, data, before)).health());

      server.kill();

      assertEquals(Health.DEAD, mounted(look(kernel, at)).health());
      Mounted below = mounted(look(kernel, data, before));
      assertEquals(Health.DEAD, below.health());
      assertEquals(at.toString(), below.mount().mountpoint());
    }
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void anXfsThatHasShutDownIsDead(boolean uniqueIds) throws Exception {
    KernelLook kernel = kernel(uniqueIds);
    Path image = mounts.image("image", "xfs", 300);
    Path at = mounts.newFolder("a");
    mounts.mount("-o", "loop", image.toString(), at.toString());
    Mounted healthy = mounted(look(kernel, at));

    RealMounts.run("xfs_io", "-x", "-c", "shutdown", at.toString());

    Mounted dead = mounted(look(kernel, at));
    assertEquals(healthy.mount(), dead.mount());
    assertEquals(Health.DEAD, dead.health());
  }

  @ParameterizedTest
  @CsvSource({"true, ''", "true, data", "false, ''", "false, data"})
  void aFileSystemThatHangsCostsOneThreadAndTheNextOneAtItsPathNone(boolean uniqueIds, String name)
      throws Exception {
    Path at = mounts.newFolder("a");
    Path path = name.isEmpty() ? at : at.resolve(name);
    mounts.newFolder("source/data");
    try (FuseServer server = FuseServer.at(mounts, "source", at)) {
      KernelLook patient = kernel(uniqueIds);
      Evidence mount = mounted(look(patient, at)).mount();
      server.hang();
      KernelLook kernel = Looks.kernel(threads, Duration.ofMillis(200), uniqueIds);
      for (int i = 0; i < 5; i++) {
        Mounted there = mounted(look(kernel, path, mount));
        assertEquals(Health.SILENT, there.health());
        assertEquals(mount, there.mount());
      }
      Eventually.holds("one thread waits", () -> threads.getActiveCount() == 1);

      RealMounts.run("umount", "--lazy", at.toString());
      mounts.tmpfs("a", "size=1m");
      Files.createDirectories(path);

      Mounted next = mounted(look(patient, at));
      assertEquals(Health.ANSWERS, next.health());
      // A slow machine may need more than the short time of this kernel.
      Eventually.holds("it is seen", () -> next.equals(look(kernel, at).place()));
      Eventually.holds(
          "it is seen below", () -> next.equals(look(kernel, path, next.mount()).place()));
    }
  }

  @Test
  void lookingCostsTheSameWithAFewMountsAndWithTwoThousand() throws Exception {
    assumeTrue(Looks.hasUniqueIds(), "this kernel has no unique mount IDs");
    UniqueMounts kernel = new UniqueMounts(1, Runnable::run);
    Path tmpfs = mounts.tmpfs("a", "size=1m");
    Path many = mounts.tmpfs("many", "size=16m");
    for (int i = 0; i < 2_000; i++) {
      Files.createDirectory(many.resolve("m" + i));
    }
    cost(kernel, tmpfs); // compiles it
    long few = cost(kernel, tmpfs);
    RealMounts.run(
        "sh",
        "-c",
        "i=0; while [ $i -lt 2000 ]; do echo \"tmpfs $1/m$i tmpfs size=4k 0 0\"; i=$((i+1)); done"
            + " > \"$1/fstab\" && mount --no-canonicalize --all --fstab \"$1/fstab\"",
        "sh",
        many.toString());

    long lots = cost(kernel, tmpfs);
    RealMounts.run("umount", "--lazy", many.toString());

    assertTrue(lots < 3 * few, "%d ns with few mounts, %d ns with many".formatted(few, lots));
  }

  /** Of the faster looks, which nothing else on the machine has held up. */
  private static long cost(UniqueMounts kernel, Path path) throws IOException {
    long[] times = new long[5_000];
    for (int i = 0; i < times.length; i++) {
      long start = System.nanoTime();
      kernel.now();
      kernel.facts(kernel.at(path.toString()));
      times[i] = System.nanoTime() - start;
    }
    Arrays.sort(times);
    return times[times.length / 10];
  }
}
