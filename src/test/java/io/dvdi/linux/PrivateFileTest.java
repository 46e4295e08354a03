// SPDX-License-Identifier: Apache-2.0
package io.dvdi.linux;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.dvdi.testing.Descriptors;
import io.dvdi.testing.Descriptors.Descriptor;
import io.dvdi.testing.RealMounts;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

class PrivateFileTest {
  @RegisterExtension private final RealMounts mounts = new RealMounts();

  private Path path() {
    return mounts.folder().resolve("file");
  }

  @Test
  void noProgramInheritsItAndItIsRootsAlone() throws Exception {
    try (PrivateFile file = PrivateFile.making(path())) {
      file.write("secret".getBytes(UTF_8));

      List<Descriptor> ours =
          Descriptors.of(ProcessHandle.current().pid()).stream()
              .filter(open -> open.leadsTo().equals(path().toString()))
              .toList();
      assertEquals(List.of(false), ours.stream().map(Descriptor::inherited).toList());
    }
    assertEquals("secret", Files.readString(path()));
    assertEquals("rw-------", PosixFilePermissions.toString(Files.getPosixFilePermissions(path())));
  }

  @Test
  void whatIsThereIsNotMadeAgain() throws Exception {
    Files.writeString(path(), "old");

    LinuxException e = assertThrows(LinuxException.class, () -> PrivateFile.making(path()));

    assertEquals("open(%s): EEXIST (File exists)".formatted(path()), e.getMessage());
    assertEquals("old", Files.readString(path()));
  }

  @Test
  void contentOfAnySizeIsReplacedAndReadWhole() throws Exception {
    Path next = mounts.folder().resolve("next");
    // Left by a crash, and longer than what comes.
    Files.write(next, new byte[200_000]);
    for (int size : List.of(100_000, 8192, 1, 0)) {
      byte[] content = new byte[size];
      new Random(size).nextBytes(content);

      PrivateFile.replace(path(), next, content);

      assertArrayEquals(content, Files.readAllBytes(path()));
      assertArrayEquals(content, PrivateFile.content(path()));
      assertFalse(Files.exists(next));
    }
  }

  @Test
  void whereThereIsNoRoomTheOldContentStays() throws Exception {
    Path small = mounts.newFolder("small");
    RealMounts.run("mount", "-t", "tmpfs", "-o", "size=64k", "none", small.toString());
    Path file = small.resolve("file");
    PrivateFile.replace(file, small.resolve("next"), "old".getBytes(UTF_8));

    LinuxException e =
        assertThrows(
            LinuxException.class,
            () -> PrivateFile.replace(file, small.resolve("next"), new byte[128 * 1024]));

    assertEquals("ENOSPC", e.errnoName());
    assertEquals("old", Files.readString(file));
  }

  @Test
  void aFileIsMadeLongerWithoutTakingRoom() throws Exception {
    try (PrivateFile file = PrivateFile.making(path())) {
      file.truncate(1L << 40);
    }

    assertEquals(1L << 40, Files.size(path()));
    assertEquals(1L << 40, SparseFile.hole(path()));
  }

  @Test
  void aLockKeepsOutEvenThisProcessUntilItIsClosed() throws Exception {
    try (PrivateFile second = PrivateFile.writing(path())) {
      try (PrivateFile first = PrivateFile.writing(path())) {
        assertTrue(first.lock());
        assertFalse(second.lock());
      }
      assertTrue(second.lock());
    }
  }
}
