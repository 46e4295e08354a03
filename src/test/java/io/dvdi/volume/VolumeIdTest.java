// SPDX-License-Identifier: Apache-2.0
package io.dvdi.volume;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class VolumeIdTest {
  @ParameterizedTest
  @ValueSource(
      strings = {
        "pg",
        "size=5,repl=3,name=pg",
        "with space",
        "ein-größerer-Name",
        "数据卷",
        "💾",
        "a/b",
        "../up",
        "-rf",
        "$(reboot)"
      })
  void namesAreTakenAsWritten(String name) {
    // Which of them a driver can serve is for the driver to say.
    assertEquals(name, new VolumeId("rexray", name).name());
  }

  @ParameterizedTest
  @ValueSource(strings = {"a\nb", "a\0b", "a\rb", "a\uFFFDb", "a\uD83Db", "a\uDCBEb"})
  void namesWithBrokenTextAreRefused(String name) {
    String refusal = refusal("rexray", name);

    assertTrue(refusal.contains("broken text at position 1"), refusal);
    assertEquals(1, refusal.lines().count(), refusal);
    assertFalse(refusal.chars().anyMatch(Character::isISOControl), refusal);
  }

  @Test
  void aNameHasAtMost1024Bytes() {
    assertEquals(1024, new VolumeId("rexray", "n".repeat(1024)).name().length());
    assertEquals(512, new VolumeId("rexray", "ä".repeat(512)).name().length());

    assertTrue(refusal("rexray", "n".repeat(1025)).contains("is 1025 bytes long; at most 1024"));
    assertTrue(refusal("rexray", "ä".repeat(513)).contains("is 1026 bytes long; at most 1024"));
  }

  @Test
  void aVeryLongNameDoesNotFloodTheMessage() {
    String refusal = refusal("rexray", "n".repeat(1_000_000));

    assertTrue(refusal.length() < 200, refusal);
    assertTrue(refusal.contains("…'"), "that it is cut is to be seen: " + refusal);
  }

  @Test
  void theTagLatestGoesWithoutSaying() {
    assertEquals(new VolumeId("rexray/ebs", "pg"), new VolumeId("rexray/ebs:latest", "pg"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"rexray", "rexray/ebs:1.2", "REX_ray-2.0", "9p", "a/b/c"})
  void driversAreNamedAsDockerNamesPlugins(String driver) {
    assertEquals(driver, new VolumeId(driver, "pg").driver());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        " ",
        ".",
        "..",
        "../x",
        "a/../b",
        "a/.hidden",
        "/a",
        "a/",
        "a//b",
        "a b",
        "a;b",
        "-a",
        "_a",
        ":a",
        "ä",
        "a\nb",
        "a\0"
      })
  void otherDriverNamesAreRefused(String driver) {
    String refusal = refusal(driver, "pg");

    assertTrue(refusal.startsWith("volume driver '"), refusal);
    assertEquals(1, refusal.lines().count(), refusal);
  }

  @Test
  void aDriverNameHasAtMost255Bytes() {
    assertEquals(255, new VolumeId("d".repeat(255), "pg").driver().length());

    assertTrue(refusal("d".repeat(256), "pg").contains("is 256 bytes long; at most 255"));
  }

  @Test
  void aDriverNameThatWouldTakeARegularExpressionLongIsAnsweredAtOnce() {
    String evil = "a/".repeat(120) + "!";

    assertTrue(refusal(evil, "pg").contains("is not a driver's name"));
  }

  @Test
  void caseCounts() {
    assertNotEquals(new VolumeId("rexray", "Data"), new VolumeId("rexray", "data"));
    assertNotEquals(new VolumeId("Rexray", "data"), new VolumeId("rexray", "data"));
  }

  @Test
  void printedItNamesBoth() {
    assertEquals("volume 'pg' (driver rexray)", new VolumeId("rexray", "pg").toString());
  }

  @Test
  void aContainerHasAnId() {
    assertEquals("a.b", new ContainerId("a.b").toString());

    assertThrows(InvalidRequestException.class, () -> new ContainerId(""));
    assertThrows(InvalidRequestException.class, () -> new ContainerId("a\nb"));
    assertThrows(InvalidRequestException.class, () -> new ContainerId("a".repeat(4097)));
  }

  private static String refusal(String driver, String name) {
    return String.valueOf(
        assertThrows(InvalidRequestException.class, () -> new VolumeId(driver, name)).getMessage());
  }
}
