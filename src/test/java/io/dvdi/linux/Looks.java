// SPDX-License-Identifier: Apache-2.0
package io.dvdi.linux;

import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.dvdi.lifecycle.Evidence;
import io.dvdi.lifecycle.Moment;
import io.dvdi.lifecycle.Seen;
import io.dvdi.lifecycle.Seen.Mounted;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.ExecutorService;

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

  /** A kernel with unique mount IDs, or as those before Linux 6.8. */
  static KernelLook kernel(ExecutorService threads, boolean uniqueIds) throws IOException {
    return new KernelLook(threads, Duration.ofSeconds(30), uniqueIds);
  }
}
