// SPDX-License-Identifier: Apache-2.0
package io.dvdi.linux;

import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.dvdi.lifecycle.Evidence;
import io.dvdi.lifecycle.Moment;
import io.dvdi.lifecycle.Seen;
import io.dvdi.lifecycle.Seen.Mounted;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.stream.Stream;

/** A look in one line. */
final class Looks {
  private Looks() {}

  static Seen look(KernelLook kernel, Path path) {
    return kernel.look("", Optional.of(path.toString()), Optional.empty(), Optional.empty(), false);
  }

  static Seen look(KernelLook kernel, Path path, String volume) {
    return kernel.look(
        volume, Optional.of(path.toString()), Optional.empty(), Optional.empty(), false);
  }

  static Seen look(KernelLook kernel, Path path, Evidence known) {
    return kernel.look(
        "", Optional.of(path.toString()), Optional.of(known), Optional.empty(), false);
  }

  static Seen look(KernelLook kernel, Path path, Moment since) {
    return kernel.look(
        "", Optional.of(path.toString()), Optional.empty(), Optional.of(since), false);
  }

  static Moment momentWithoutPath(KernelLook kernel) {
    return kernel.look("", Optional.empty(), Optional.empty(), Optional.empty(), false).moment();
  }

  static Mounted mounted(Seen seen) {
    return assertInstanceOf(Mounted.class, seen.place());
  }

  static void assertRefused(Seen seen, String words) {
    String refusal = mounted(seen).refusal().orElseThrow();
    assertTrue(refusal.contains(words), refusal);
  }

  /** A kernel with unique mount IDs, if the test runs under one, or as those before Linux 6.8. */
  static KernelLook kernel(ExecutorService threads, boolean uniqueIds) throws IOException {
    return kernel(threads, Duration.ofMinutes(2), uniqueIds);
  }

  static KernelLook kernel(ExecutorService threads, Duration timeout, boolean uniqueIds)
      throws IOException {
    assumeTrue(!uniqueIds || hasUniqueIds(), "this kernel has no unique mount IDs");
    return new KernelLook(threads, timeout, uniqueIds);
  }

  /** By its version: whether that is noticed is for the tests to show. */
  static boolean hasUniqueIds() {
    int[] version =
        Stream.of(System.getProperty("os.version").split("[^0-9]", -1))
            .limit(2)
            .mapToInt(Integer::parseInt)
            .toArray();
    return Arrays.compare(version, new int[] {6, 8}) >= 0;
  }
}
