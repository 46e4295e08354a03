// SPDX-License-Identifier: Apache-2.0
package io.dvdi.testing;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.BeforeEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.RegisterExtension;

/**
 * A folder for one test, in which it mounts for real. After the test, also when it failed, all that
 * is mounted below is unmounted, and the folder deleted. Use with {@link RegisterExtension}.
 *
 * <p>What a test needs is mounted by mount(8) and looked at in the mount table, so that nothing is
 * proved by the code that it is to prove.
 */
public final class RealMounts implements BeforeEachCallback, AfterEachCallback {
  private Path folder = Path.of("/nonexistent");

  @Override
  public void beforeEach(ExtensionContext context) throws IOException {
    // Real, since the kernel shows paths without links.
    folder = Files.createTempDirectory("dvdi-test-").toRealPath();
  }

  @Override
  public void afterEach(ExtensionContext context) throws Exception {
    List<MountTable.Line> left = MountTable.under(folder);
    for (int i = left.size() - 1; i >= 0; i--) {
      // Lazily: what a test that failed holds open must not keep the others from ending.
      run("umount", "--lazy", left.get(i).at().toString());
    }
    List<MountTable.Line> stuck = MountTable.under(folder);
    if (!stuck.isEmpty()) {
      throw new IOException("cannot be unmounted, and so not deleted either: " + stuck);
    }
    Files.walkFileTree(folder, new Deletion());
  }

  /** The test's own folder. */
  public Path folder() {
    return folder;
  }

  /** A new folder below. */
  public Path newFolder(String name) throws IOException {
    return Files.createDirectories(folder.resolve(name));
  }

  /** A new folder below with a tmpfs on it. */
  public Path tmpfs(String name, String options) throws Exception {
    Path at = newFolder(name);
    mount("-t", "tmpfs", "-o", options, "tmpfs", at.toString());
    return at;
  }

  /** Runs mount(8). */
  public void mount(String... arguments) throws Exception {
    List<String> command = new ArrayList<>(List.of("mount"));
    command.addAll(List.of(arguments));
    run(command.toArray(String[]::new));
  }

  /** Runs umount(8). */
  public void unmount(Path path) throws Exception {
    run("umount", path.toString());
  }

  /** A file with a file system of this type in it, sparse. */
  public Path image(String name, String type, long mebibytes) throws Exception {
    Path image = folder.resolve(name);
    run("truncate", "--size=" + mebibytes + "M", image.toString());
    run("mkfs." + type, "-q", image.toString());
    return image;
  }

  /** The loop devices that are attached to files below the folder. */
  public List<String> loopDevices() throws IOException {
    return loopDevices(folder);
  }

  /** The loop devices whose file lies below a folder. */
  public static List<String> loopDevices(Path folder) throws IOException {
    List<String> attached = new ArrayList<>();
    try (DirectoryStream<Path> devices = Files.newDirectoryStream(Path.of("/sys/block"), "loop*")) {
      for (Path device : devices) {
        try {
          String file = Files.readString(device.resolve("loop/backing_file"));
          if (Path.of(file.strip()).startsWith(folder)) {
            attached.add("/dev/" + device.getFileName());
          }
        } catch (IOException e) {
          // Free, or about to be.
        }
      }
    }
    return attached;
  }

  /** Runs a program, which must succeed. */
  public static String run(String... command) throws IOException, InterruptedException {
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    process.getOutputStream().close();
    String output = new String(process.getInputStream().readAllBytes(), UTF_8);
    assertEquals(0, process.waitFor(), () -> String.join(" ", command) + ": " + output);
    return output;
  }

  private static final class Deletion extends SimpleFileVisitor<Path> {
    @Override
    public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
      Files.delete(file);
      return FileVisitResult.CONTINUE;
    }

    @Override
    public FileVisitResult postVisitDirectory(Path visited, @Nullable IOException failed)
        throws IOException {
      if (failed != null) {
        throw failed;
      }
      Files.delete(visited);
      return FileVisitResult.CONTINUE;
    }
  }
}
