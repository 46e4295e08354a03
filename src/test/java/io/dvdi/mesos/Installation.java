// SPDX-License-Identifier: Apache-2.0
package io.dvdi.mesos;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** The installed Mesos that the tests run, and the module that was built for it. */
final class Installation {
  /** What mesos-agent is started with when nothing else is asked for. */
  static final String MODULE = "com_emccode_mesos_DockerVolumeDriverIsolator";

  private static final Path PREFIX = Path.of(property("mesos.prefix"));
  private static final Path DIST = Path.of(property("dvdi.test.dist"));

  /** Where something is kept of a run of the tests. */
  static final Path REPORTS = DIST.resolveSibling("mesos-test");

  private Installation() {}

  private static String property(String name) {
    String value = System.getProperty(name, "");
    if (value.isEmpty()) {
      throw new IllegalStateException(
          "the system property " + name + " is not set; run with bin/mesos-test");
    }
    return value;
  }

  static String program(String name) {
    return PREFIX.resolve("sbin").resolve(name).toString();
  }

  static Path library() throws IOException {
    return library(DIST);
  }

  /** The module of the build that this one is compared with. */
  static Path otherLibrary() throws IOException {
    return library(Path.of(property("dvdi.test.against")));
  }

  /** The one module beside the embedded agent's library; its name has the version of Mesos. */
  private static Path library(Path dist) throws IOException {
    List<Path> found = new ArrayList<>();
    try (DirectoryStream<Path> files =
        Files.newDirectoryStream(dist.resolve("lib"), "libmesos_dvdi_isolator-[0-9]*.so")) {
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
