// SPDX-License-Identifier: Apache-2.0
package io.dvdi.mesos;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.dvdi.testing.Descriptors;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/**
 * What an agent loads if its module is that of an installed package. JAVA_HOME in its environment
 * is a Java of the host, which must not matter. With {@code bin/mesos-test --package}.
 */
@Tag("mesos-package")
class InstalledPackageIT {
  /** What a program that loads a JVM takes from the host's C library. */
  private static final Pattern OF_THE_C_LIBRARY =
      Pattern.compile(".*/(locale/.*|gconv/.*|lib(dl|m|pthread|rt|nss_[a-z]+)[.-][^/]*)");

  @RegisterExtension final MesosHost host = new MesosHost();

  @Test
  void allThatTheModuleLoadsIsOfThePackageOrTheCLibrary() throws Exception {
    host.startRclone();
    MesosAgent with = host.newAgent().start();
    host.framework()
        .launch(
            with.id(),
            new MesosTask("t", "touch a/file b/file")
                .with(
                    host.rcloneVolume("remote", "a"),
                    TaskVolume.of("local", "v", "b").option("type", "tmpfs")));
    host.framework().ended("t", "TASK_FINISHED");
    MesosAgent without = host.newAgent().withoutModule().start();

    Set<Path> loaded = files(with);
    loaded.removeAll(files(without));

    Path home = Installation.home();
    assertTrue(loaded.contains(home.resolve("dvdi.jsa")), loaded::toString);
    assertTrue(loaded.contains(home.resolve("runtime/lib/server/libjvm.so")), loaded::toString);
    Path version = Path.of("/usr/lib/dvdi/current").toRealPath();
    loaded.removeIf(file -> file.startsWith(version));
    loaded.removeIf(file -> OF_THE_C_LIBRARY.matcher(file.toString()).matches());
    assertEquals(Set.of(), loaded, "not in " + version);
  }

  /** What it has mapped or open, apart from its own state and devices. */
  private Set<Path> files(MesosAgent agent) throws IOException {
    long pid = agent.run().pid();
    Set<Path> files = new TreeSet<>();
    for (String line : Files.readAllLines(Path.of("/proc/" + pid + "/maps"))) {
      add(files, line.substring(Math.max(0, line.indexOf('/'))));
    }
    for (Descriptors.Descriptor open : Descriptors.of(pid)) {
      add(files, open.leadsTo());
    }
    return files;
  }

  private void add(Set<Path> files, String name) {
    Path file = Path.of(name);
    if (file.isAbsolute() && !file.startsWith(host.folder()) && !file.startsWith("/dev")) {
      files.add(file);
    }
  }
}
