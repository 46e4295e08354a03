// SPDX-License-Identifier: Apache-2.0
package io.dvdi.volume;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Locale;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class FileSystemTest {
  @ParameterizedTest
  @CsvSource({
    "0, 0 B",
    "1023, 1023 B",
    "1024, 1.0 KiB",
    "1572864, 1.5 MiB",
    "5368709120, 5.0 GiB",
    "1099511627776, 1.0 TiB",
    "9223372036854775807, 8.0 EiB"
  })
  void sizesAreForPeople(long bytes, String text) {
    assertEquals(
        "xfs, %s, 0 B available".formatted(text),
        new FileSystem("xfs", bytes, 0, 0, false).toString());
  }

  @Test
  void readOnlyIsSaid() {
    assertEquals(
        "ext4 (read-only), 4.0 KiB, 1.0 KiB available",
        new FileSystem("ext4", 4096, 0, 1024, true).toString());
  }

  @Test
  void theHostsLanguageChangesNothing() {
    Locale before = Locale.getDefault();
    try {
      Locale.setDefault(Locale.GERMANY);
      assertEquals(
          "ext4, 1.5 KiB, 0 B available", new FileSystem("ext4", 1536, 0, 0, false).toString());
    } finally {
      Locale.setDefault(before);
    }
  }
}
