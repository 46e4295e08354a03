// SPDX-License-Identifier: Apache-2.0
package io.dvdi.bench;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * What bin/bench was asked for, and where things are.
 *
 * @param top the checkout
 * @param java the Java that the module runs on; if a package is measured, the JDK that the
 *     package's Java was linked from
 * @param installed the folder of the package that is measured instead of the build
 * @param memory a folder on a tmpfs
 * @param disk a folder on a disk
 * @param dvdcli a real dvdcli
 * @param mesos the prefix of an installed Mesos
 * @param full more rounds
 * @param parts to measure
 */
record Settings(
    Path top,
    Path java,
    Optional<Path> installed,
    Path memory,
    Path disk,
    Optional<Path> dvdcli,
    Optional<Path> mesos,
    boolean full,
    Set<String> parts) {
  static final List<String> ALL =
      List.of("prepare", "calls", "peers", "growth", "start", "stages", "agent");

  /** The parts that start the module with {@code measure}, which can do that with a package too. */
  static final List<String> OF_PACKAGE = List.of("prepare", "calls", "peers", "growth", "start");

  Path target() {
    return top.resolve("target");
  }

  Path programs() {
    return target().resolve("benchmarks");
  }

  Path library() {
    return installed
        .orElse(target().resolve("dist"))
        .resolve("lib/libmesos_dvdi_isolator-embedded.so");
  }

  int rounds() {
    return full ? 50 : 15;
  }
}
