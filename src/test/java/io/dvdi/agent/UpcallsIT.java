// SPDX-License-Identifier: Apache-2.0
package io.dvdi.agent;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.dvdi.testing.RealMounts;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * The module in a process of C that calls it while something is short. The calls fail, and the
 * process lives: src/test/c/upcalls_test.c checks that, and does what each case needs.
 */
class UpcallsIT {
  private static final Path PROGRAM = EmbeddedAgent.DIST.resolve("../c/test/upcalls_test");

  @RegisterExtension final RealMounts mounts = new RealMounts();

  private Path folder;

  /** The jars are copied, since one case damages them. */
  @BeforeEach
  void install() throws Exception {
    folder = mounts.newFolder("module");
    Files.copy(PROGRAM, folder.resolve("upcalls_test"));
    Path jars = Files.createDirectory(folder.resolve("dvdi"));
    try (Stream<Path> built = Files.list(EmbeddedAgent.DIST.resolve("lib/dvdi"))) {
      for (Path jar : built.filter(file -> file.toString().endsWith(".jar")).toList()) {
        Files.copy(jar, jars.resolve(jar.getFileName()));
      }
    }
  }

  private void run(String name, String... more) throws Exception {
    Path output = folder.resolve("output");
    List<String> command =
        new ArrayList<>(
            List.of(
                folder.resolve("upcalls_test").toString(),
                name,
                System.getProperty("java.home"),
                "state_dir=" + folder.resolve("state"),
                "local_dir=" + folder.resolve("local"),
                "mount_timeout=10secs",
                "jvm_options=-Xmx16m"));
    command.addAll(List.of(more));
    Process process =
        new ProcessBuilder(command)
            .redirectErrorStream(true)
            .redirectOutput(output.toFile())
            .start();
    boolean ended = process.waitFor(5, TimeUnit.MINUTES);
    process.destroyForcibly();
    String said = Files.readString(output, UTF_8);
    assertTrue(ended, said);
    assertEquals(0, process.waitFor(), said);
    assertTrue(said.endsWith("done\n"), said);
  }

  @ParameterizedTest
  @ValueSource(strings = {"attach", "stack", "ended", "bounds", "full-heap", "threads"})
  void whatIsShortFailsTheCallAndNothingElse(String name) throws Exception {
    run(name);
  }

  @Test
  void aClassThatCannotBeLoadedFailsTheCall() throws Exception {
    try (Stream<Path> jars = Files.list(folder.resolve("dvdi"))) {
      Path ours =
          jars.filter(jar -> jar.getFileName().toString().startsWith("dvdi-"))
              .findFirst()
              .orElseThrow();
      run("not-loaded", "jar=" + ours);
    }
  }
}
