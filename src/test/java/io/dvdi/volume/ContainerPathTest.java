// SPDX-License-Identifier: Apache-2.0
package io.dvdi.volume;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ContainerPathTest {
  private static final String FIELD = "DVDI_VOLUME_CONTAINERPATH";

  @ParameterizedTest
  @CsvSource({
    "data, data",
    "data/, data",
    "/data, /data",
    "/data/, /data",
    "//data///sub//, /data/sub",
    "a/b/c, a/b/c",
    "..., ...",
    ".hidden, .hidden",
    "a..b, a..b",
    "'with space', 'with space'",
    "'$(reboot);`x`', '$(reboot);`x`'",
    "daten-äöü-数据, daten-äöü-数据"
  })
  void aPathIsReadWithoutNeedlessSlashes(String written, String read) {
    assertEquals(read, ContainerPath.parse(FIELD, written).toString());
  }

  @Test
  void aRelativePathIsNotAnAbsoluteOne() {
    assertEquals(new ContainerPath(false, List.of("a", "b")), ContainerPath.parse(FIELD, "a/b"));
    assertEquals(new ContainerPath(true, List.of("a", "b")), ContainerPath.parse(FIELD, "/a/b"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"..", "../x", "x/..", "x/../y", "/..", "/x/..", "//.."})
  void climbingIsRefused(String path) {
    String refusal = refusal(path);

    assertTrue(refusal.contains(FIELD + " '" + path + "' has a '..' in it"), refusal);
  }

  @ParameterizedTest
  @ValueSource(strings = {".", "./x", "x/.", "/.", "x/./y"})
  void aDotIsRefused(String path) {
    String refusal = refusal(path);

    assertTrue(refusal.contains(FIELD + " '" + path + "' has a '.' in it"), refusal);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "/", "//"})
  void aPathToNoFolderIsRefused(String path) {
    String refusal = refusal(path);

    assertTrue(refusal.contains(FIELD + " '" + path + "' is not the path of a folder"), refusal);
    assertTrue(refusal.contains("write a path such as"), refusal);
  }

  @ParameterizedTest
  @ValueSource(strings = {"a\0b", "a\nb", "a\tb", "a\u007fb", "a\u0085b", "a\uFFFDb", "a\uD800b"})
  void whatCannotBeShownOrStoredIsRefused(String path) {
    String refusal = refusal(path);

    assertTrue(refusal.contains(FIELD), refusal);
    assertTrue(refusal.contains("at position 1"), refusal);
    assertEquals(1, refusal.lines().count(), refusal);
  }

  @Test
  void aComponentHasAtMost255Bytes() {
    assertEquals("a".repeat(255), ContainerPath.parse(FIELD, "a".repeat(255)).toString());

    assertTrue(refusal("x/" + "a".repeat(256)).contains("is 256 bytes long; at most 255"));
    assertTrue(refusal("ä".repeat(128)).contains("is 256 bytes long; at most 255"));
  }

  @Test
  void aPathHasAtMost4095Bytes() {
    String longest = "/" + "a/".repeat(2047);

    assertEquals(2047, ContainerPath.parse(FIELD, longest).components().size());
    assertTrue(refusal(longest + "b").contains("is 4096 bytes long; at most 4095"));
  }

  private static String refusal(String path) {
    return String.valueOf(
        assertThrows(InvalidRequestException.class, () -> ContainerPath.parse(FIELD, path))
            .getMessage());
  }
}
