// SPDX-License-Identifier: Apache-2.0
package io.dvdi.linux;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.dvdi.testing.RealMounts;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ContainedFoldersTest {
  @RegisterExtension private final RealMounts mounts = new RealMounts();
  private Path root = Path.of("/nonexistent");
  private Path outside = Path.of("/nonexistent");
  private int made;

  @BeforeEach
  void folders() throws IOException {
    root = mounts.newFolder("root");
    outside = mounts.newFolder("outside");
  }

  @Test
  void whatIsThereIsFound() throws Exception {
    Files.createDirectories(root.resolve("a/b/c"));

    assertEquals(root.resolve("a/b/c"), ContainedFolders.find(root, List.of("a", "b", "c"), false));
    assertEquals(root, ContainedFolders.find(root, List.of(), false));
  }

  @Test
  void whatIsMissingIsMade() throws Exception {
    Files.createDirectory(root.resolve("a"));

    Path made = ContainedFolders.find(root, List.of("a", "b", "with space"), true);

    assertEquals(root.resolve("a/b/with space"), made);
    assertTrue(Files.isDirectory(made));
    assertEquals("rwxr-xr-x", PosixFilePermissions.toString(Files.getPosixFilePermissions(made)));
  }

  @Test
  void nothingIsMadeWhenThatIsNotWanted() throws Exception {
    String refusal = refusal(List.of("a", "b"), false);

    assertEquals("the folder %s does not exist".formatted(root.resolve("a")), refusal);
    assertEquals(0, count(root));
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 2})
  void aLinkIsRefusedWhereverItIs(int position) throws Exception {
    List<String> components = List.of("a", "b", "c");
    Path parent =
        Files.createDirectories(root.resolve(String.join("/", components.subList(0, position))));
    Path link = parent.resolve(components.get(position));
    Files.createSymbolicLink(link, outside);

    for (boolean create : new boolean[] {true, false}) {
      String refusal = refusal(components, create);
      assertTrue(refusal.startsWith(link + " is a symbolic link (to " + outside + ")"), refusal);
      assertTrue(refusal.contains("name the folder to which it points"), refusal);
    }
    assertEquals(0, count(outside));
  }

  @ParameterizedTest
  @ValueSource(strings = {"missing", "..", "../outside", "/etc", ".", "a"})
  void aLinkIsRefusedWhereverItLeads(String goal) throws Exception {
    Files.createDirectory(root.resolve("a"));
    Files.createSymbolicLink(root.resolve("link"), Path.of(goal));

    assertTrue(refusal(List.of("link"), true).contains("is a symbolic link (to " + goal + ")"));
    assertTrue(refusal(List.of("link", "x"), true).contains("is a symbolic link"));
    assertEquals(2, count(root));
  }

  @Test
  void aFileIsRefused() throws Exception {
    Path file = Files.writeString(root.resolve("file"), "x");

    assertEquals(file + " is a file, not a folder; name a folder", refusal(List.of("file"), true));
    assertEquals(
        file + " is a file, not a folder; name a folder", refusal(List.of("file", "x"), true));
  }

  @ParameterizedTest
  @ValueSource(strings = {"rwxr-xr-x", "rwxrwxrwt"})
  void whereOnlyRootCanReplaceItAFolderIsMade(String mode) throws Exception {
    RealMounts.run("chmod", mode.endsWith("t") ? "1777" : "755", root.toString());

    ContainedFolders.find(root, List.of("a", "b"), true, true);

    assertTrue(Files.isDirectory(root.resolve("a/b")));
    assertEquals(
        "rwxr-xr-x",
        PosixFilePermissions.toString(Files.getPosixFilePermissions(root.resolve("a"))));
  }

  @Test
  void whereOthersCanReplaceItNoFolderIsMade() throws Exception {
    Files.createDirectories(root.resolve("theirs/roots"));
    RealMounts.run("chown", "nobody", root.resolve("theirs").toString());
    RealMounts.run("chmod", "777", Files.createDirectory(root.resolve("open")).toString());

    for (List<String> path :
        List.of(List.of("theirs", "x"), List.of("theirs", "roots", "x"), List.of("open", "x"))) {
      String refusal =
          String.valueOf(
              assertThrows(IOException.class, () -> ContainedFolders.find(root, path, true, true))
                  .getMessage());
      assertTrue(refusal.contains("/x does not exist, and is not created, because"), refusal);
      assertTrue(
          refusal.contains(
              path.get(0).equals("open") ? "writable by users other than root" : "user 65534's"),
          refusal);
    }
    // What is there is used as ever.
    assertEquals(
        root.resolve("theirs/roots"),
        ContainedFolders.find(root, List.of("theirs", "roots"), true, true));
  }

  @Test
  void aFolderThatCannotBeMadeSaysWhy() throws Exception {
    mounts.mount("-t", "tmpfs", "-o", "ro", "tmpfs", root.toString());

    assertEquals(
        "the folder %s cannot be created: EROFS".formatted(root.resolve("a")),
        refusal(List.of("a"), true));
  }

  @Test
  void aNameThatIsTooLongSaysWhy() {
    assertTrue(refusal(List.of("a".repeat(256)), true).contains("ENAMETOOLONG"));
  }

  @Test
  void aRootThatIsNotThereFails() {
    assertThrows(
        IOException.class,
        () -> ContainedFolders.find(root.resolve("missing"), List.of("a"), true));
  }

  @Test
  void noDescriptorIsLeftOpen() throws Exception {
    Files.createSymbolicLink(root.resolve("link"), outside);
    long before = count(Path.of("/proc/self/fd"));

    for (int i = 0; i < 200; i++) {
      ContainedFolders.find(root, List.of("a", "b"), true);
      refusal(List.of("a", "missing"), false);
      refusal(List.of("link"), true);
    }

    assertTrue(count(Path.of("/proc/self/fd")) < before + 100);
  }

  @Test
  void aFolderThatIsSwappedForALinkMeanwhileNeverLeadsOut() throws Exception {
    Path swapped = Files.createDirectory(root.resolve("swapped"));
    Path link = Files.createSymbolicLink(root.resolve("link"), outside);
    AtomicBoolean done = new AtomicBoolean();
    Thread swapper =
        new Thread(
            () -> {
              while (!done.get()) {
                exchange(swapped, link);
              }
            });
    swapper.start();
    int found = 0;
    int refused = 0;
    List<String> others = new ArrayList<>();
    try {
      for (int i = 0; i < 200_000 && (i < 5_000 || found == 0 || refused == 0); i++) {
        try {
          ContainedFolders.find(root, List.of("swapped", "new" + i % 7), true);
          found++;
        } catch (IOException e) {
          refused++;
          if (!String.valueOf(e.getMessage())
              .matches(
                  ".* (is a symbolic link|is a file|does not exist|cannot be created: ENOENT).*")) {
            others.add(String.valueOf(e.getMessage()));
          }
        }
      }
    } finally {
      done.set(true);
      swapper.join();
    }

    assertEquals(0, count(outside), "folders made outside of the root");
    assertTrue(found > 0 && refused > 0, "found %d, refused %d".formatted(found, refused));
    assertEquals(List.of(), others);
  }

  /** Puts the link where the folder is, and back. */
  private void exchange(Path folder, Path link) {
    Path aside = root.resolve("aside");
    move(folder, aside);
    move(link, folder);
    move(folder, link);
    move(aside, folder);
  }

  private void move(Path from, Path to) {
    try {
      Files.move(from, to);
    } catch (FileSystemException e) {
      // The call under test found nothing there for a moment, and made the folder.
      move(to, root.resolve("made" + made++));
      move(from, to);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private String refusal(List<String> components, boolean create) {
    return String.valueOf(
        assertThrows(IOException.class, () -> ContainedFolders.find(root, components, create))
            .getMessage());
  }

  private static long count(Path folder) throws IOException {
    try (Stream<Path> entries = Files.list(folder)) {
      return entries.count();
    }
  }
}
