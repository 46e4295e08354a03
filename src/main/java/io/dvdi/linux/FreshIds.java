// SPDX-License-Identifier: Apache-2.0
package io.dvdi.linux;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;

/**
 * Names that nobody has used before, here or on another host: a random UUID of the kernel's, see
 * random(4), and a number. Thread-safe.
 */
public final class FreshIds implements Supplier<String> {
  private static final Path UUID = Path.of("/proc/sys/kernel/random/uuid");

  private final String process;
  private final AtomicLong last = new AtomicLong();

  public FreshIds() throws IOException {
    this.process = Files.readString(UUID).strip();
  }

  @Override
  public String get() {
    return process + "-" + last.incrementAndGet();
  }
}
