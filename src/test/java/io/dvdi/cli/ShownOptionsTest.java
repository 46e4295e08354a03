// SPDX-License-Identifier: Apache-2.0
package io.dvdi.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.dvdi.volume.Options;
import java.util.Map;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What has to be checked is shown, and what may be a secret is not. */
class ShownOptionsTest {
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "size         | 5",
        "newfstype    | xfs",
        "overwritefs  | true",
        "iops         | 150",
        "volumetype   | io1",
        "type         | nfs4",
        "device       | nas:/export/data",
        "device       | //nas/share",
        "o            | addr=10.0.0.1,ro,vers=4.1",
        "o            | bind",
      })
  void isShown(String name, String value) {
    assertEquals(Map.of(name, value), ShownOptions.of(Options.of(Map.of(name, value))));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "password   | s3cret                       | ***",
        "key2       | s3cret                       | ***",
        "Size       | s3cret                       | ***",
        "size       | s3cret                       | ***",
        "overwritefs| s3cret                       | ***",
        "newfstype  | s3cret word                  | ***",
        "device     | //user:s3cret@nas/share      | ***",
        "device     | https://nas/x?token=s3cret   | ***",
        "o          | username=x,password=s3cret,s | ***",
        "o          | ro,password=a,bind,s3cret    | ro,***",
        "o          | ro,s3cret                    | ro,***",
      })
  void isMasked(String name, String value, String shown) {
    assertEquals(Map.of(name, shown), ShownOptions.of(Options.of(Map.of(name, value))));
  }
}
