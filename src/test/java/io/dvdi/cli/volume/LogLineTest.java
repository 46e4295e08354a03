// SPDX-License-Identifier: Apache-2.0
package io.dvdi.cli.volume;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.time.OffsetDateTime;
import org.junit.jupiter.api.Test;

class LogLineTest {
  private static final OffsetDateTime TIME = OffsetDateTime.parse("2016-05-04T03:02:01.987+02:00");

  @Test
  void aLineIsLogrusOwnToTheLastBlank() {
    assertEquals(
        "time=\"2016-05-04T03:02:01+02:00\" level=error msg=\"volume not found\" volumeName=v-1.a ",
        new LogLine(TIME, "error", "volume not found").with("volumeName", "v-1.a").toString());
  }

  @Test
  void whatIsNotPlainIsQuotedAsGoDoes() {
    assertEquals(
        "time=\"2016-05-04T03:02:01+02:00\" level=info msg=\"a\\\"b\\\\c\\n\\t\\x1bü\" none= ",
        new LogLine(TIME, "info", "a\"b\\c\n\t\u001bü").with("none", "").toString());
  }
}
