// SPDX-License-Identifier: Apache-2.0
package io.dvdi.linux;

import io.dvdi.bindings.libc.libc_aarch64;
import io.dvdi.bindings.libc.libc_x86_64;
import java.util.Arrays;
import java.util.Optional;

/** The processors that the bindings were generated for, and the constants that differ. */
public enum Processor {
  X86_64("amd64", libc_x86_64.O_DIRECTORY(), libc_x86_64.O_NOFOLLOW()),
  ARM64("aarch64", libc_aarch64.O_DIRECTORY(), libc_aarch64.O_NOFOLLOW());

  private final String name;
  private final int directory;
  private final int noFollow;

  Processor(String name, int directory, int noFollow) {
    this.name = name;
    this.directory = directory;
    this.noFollow = noFollow;
  }

  /** That of this JVM; empty if the bindings are not for it. */
  public static Optional<Processor> current() {
    String name = System.getProperty("os.arch");
    return Arrays.stream(values()).filter(processor -> processor.name.equals(name)).findFirst();
  }

  /** O_DIRECTORY of open(2). */
  int directory() {
    return directory;
  }

  /** O_NOFOLLOW of open(2). */
  int noFollow() {
    return noFollow;
  }
}
