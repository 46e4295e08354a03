// SPDX-License-Identifier: Apache-2.0
package io.dvdi.testing;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * A checkout for the scripts of bin: it has the distribution that is tested, and no sources, so
 * that it stays built while this one is edited.
 */
public final class Checkout {
  private static final String BUILT = "target/dist/built";

  private final Path folder;

  /** Makes it in a folder, which may be there. */
  public Checkout(Path folder) throws Exception {
    this.folder = Files.createDirectories(folder);
    RealMounts.run("cp", "-r", "bin", "pom.xml", "examples", folder.toString());
    for (String source : List.of("src/main", "bindings/java", "target")) {
      Files.createDirectories(folder.resolve(source));
    }
    RealMounts.run("cp", "-r", System.getProperty("dvdi.test.dist"), folder + "/target/dist");
    builtIn(1);
  }

  private void builtIn(int hours) throws IOException {
    Files.setLastModifiedTime(
        folder.resolve(BUILT),
        FileTime.fromMillis(System.currentTimeMillis() + TimeUnit.HOURS.toMillis(hours)));
  }

  public Path path(String name) {
    return folder.resolve(name);
  }

  /** From now on its sources are newer than what was built. */
  public void edit() throws IOException {
    builtIn(-1);
  }

  /** From now on it was never built. */
  public void clean() throws IOException {
    Files.delete(folder.resolve(BUILT));
  }
}
