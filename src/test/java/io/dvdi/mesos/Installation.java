// SPDX-License-Identifier: Apache-2.0
package io.dvdi.mesos;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** The installed Mesos that the tests run, and the module that was built or installed for it. */
final class Installation {
  /** What mesos-agent is started with when nothing else is asked for. */
  static final String MODULE = "com_emccode_mesos_DockerVolumeDriverIsolator";

  private static final Path PREFIX = Path.of(property("mesos.prefix"));
  private static final Path DIST = Path.of(property("dvdi.test.dist"));

  /** Where something is kept of a run of the tests. */
  static final Path REPORTS = Path.of("target/mesos-test").toAbsolutePath();

  private Installation() {}

  private static String property(String name) {
    String value = System.getProperty(name, "");
    if (value.isEmpty()) {
      throw new IllegalStateException(
          "the system property " + name + " is not set; run with bin/mesos-test");
    }
    return value;
  }

  /** Autotools installs programs of Mesos in `sbin`, CMake in `bin`. */
  static String program(String name) {
    Path program = PREFIX.resolve("sbin").resolve(name);
    return (Files.exists(program) ? program : PREFIX.resolve("bin").resolve(name)).toString();
  }

  static Path library() throws IOException {
    return library(DIST);
  }

  /** Whether the module is that of an installed package, which has a Java of its own. */
  static boolean isPackage() {
    return DIST.startsWith("/usr/lib/dvdi");
  }

  /** Where the module takes its jars from, and the Java of a package. */
  static Path home() throws IOException {
    return library().toRealPath().resolveSibling("dvdi");
  }

  /** The module of the build that this one is compared with. */
  static Path otherLibrary() throws IOException {
    return library(Path.of(property("dvdi.test.against")));
  }

  /** The one module beside the embedded agent's library; its name has the version of Mesos. */
  private static Path library(Path dist) throws IOException {
    List<Path> found = new ArrayList<>();
    try (DirectoryStream<Path> files =
        Files.newDirectoryStream(dist.resolve("lib"), property("dvdi.test.library"))) {
      files.forEach(found::add);
    }
    if (found.size() != 1) {
      throw new IllegalStateException(
          "not exactly one module for Mesos in "
              + dist.resolve("lib")
              + ", but "
              + found
              + "; build with mvn -Dmesos.prefix="
              + PREFIX);
    }
    return found.get(0);
  }
}
