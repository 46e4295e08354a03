// SPDX-License-Identifier: Apache-2.0
package io.dvdi.benchmarks;

import java.nio.file.Path;

/** The folder of what CMake builds for the benchmarks. It is on a disk, if the checkout is. */
public final class BuiltPrograms {
  private static final String PROPERTY = "dvdi.benchmarks";

  private BuiltPrograms() {}

  /** The folder. {@code benchmarks/run} builds it and sets the property. */
  public static Path folder() {
    String folder = System.getProperty(PROPERTY);
    if (folder == null) {
      throw new IllegalStateException(
          "the system property %s is not set; start the benchmarks with benchmarks/run"
              .formatted(PROPERTY));
    }
    return Path.of(folder);
  }
}
