// SPDX-License-Identifier: Apache-2.0
package io.dvdi.driver.local;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.dvdi.volume.InvalidRequestException;
import io.dvdi.volume.MountOption;
import io.dvdi.volume.Options;
import io.dvdi.volume.VolumeId;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class LocalOptionsTest {
  private static final VolumeId ID = new VolumeId("local", "pg");
  private static final long GIB = 1L << 30;

  static List<Arguments> right() {
    return List.of(
        Arguments.of(Map.of(), new LocalOptions.Plain()),
        Arguments.of(Map.of("size", "5"), image(OptionalLong.of(5 * GIB), Optional.empty(), false)),
        Arguments.of(
            Map.of("size", " 5 ", "newfstype", " XFS ", "overwritefs", " True "),
            image(OptionalLong.of(5 * GIB), Optional.of("xfs"), true)),
        Arguments.of(
            Map.of("size", "16384", "newfstype", "ext4", "overwritefs", "false"),
            image(OptionalLong.of(16384 * GIB), Optional.of("ext4"), false)),
        Arguments.of(
            Map.of("overwritefs", "true"), image(OptionalLong.empty(), Optional.empty(), true)),
        Arguments.of(Map.of("type", "tmpfs"), direct("tmpfs", "tmpfs", "")),
        Arguments.of(
            Map.of("type", "tmpfs", "device", "tmpfs", "o", "size=100m,uid=1000"),
            direct("tmpfs", "tmpfs", "size=100m,uid=1000")),
        Arguments.of(
            Map.of("type", "none", "device", "/srv/a", "o", "bind"),
            direct("none", "/srv/a", "bind")),
        Arguments.of(
            Map.of("device", "/srv/a", "o", "ro,bind"), direct("none", "/srv/a", "ro,bind")),
        Arguments.of(
            Map.of("type", "nfs", "device", ":/export", "o", "addr=10.0.0.1,rw"),
            direct("nfs", ":/export", "addr=10.0.0.1,rw")));
  }

  @ParameterizedTest
  @MethodSource("right")
  void whatIsRightIsRead(Map<String, String> options, LocalOptions read) {
    assertEquals(read, LocalOptions.of(ID, Options.of(options)));
  }

  static List<Arguments> defaults() {
    Map<String, String> image = Map.of("size", "1", "newfstype", "xfs");
    Map<String, String> mount = Map.of("type", "tmpfs", "o", "size=64m");
    return List.of(
        Arguments.of(Map.of(), image, true),
        Arguments.of(Map.of(), mount, true),
        Arguments.of(Map.of("size", "5"), image, true),
        Arguments.of(Map.of("overwritefs", "true"), image, true),
        Arguments.of(Map.of("size", "5"), mount, false),
        Arguments.of(Map.of("type", "tmpfs"), image, false),
        Arguments.of(Map.of("device", "/srv/a", "o", "bind"), image, false),
        // o is for the type that it is written with.
        Arguments.of(Map.of("type", "nfs", "device", "nas:/a"), mount, false),
        Arguments.of(Map.of("o", "size=1m"), mount, false),
        Arguments.of(Map.of("siez", "5"), image, false));
  }

  @ParameterizedTest
  @MethodSource("defaults")
  void defaultOptionsAreAddedToOptionsOfTheSameForm(
      Map<String, String> given, Map<String, String> defaults, boolean added) {
    assertEquals(added, LocalOptions.takesDefaults(ID, Options.of(given), Options.of(defaults)));
  }

  static List<Arguments> wrong() {
    return List.of(
        Arguments.of(Map.of("sise", "5"), "no option 'sise'"),
        Arguments.of(Map.of("size", "5", "SIZE", "5"), "no option 'SIZE'"),
        Arguments.of(
            Map.of("size", "5", "type", "tmpfs"), "cannot be combined with type, device or o"),
        Arguments.of(
            Map.of("newfstype", "xfs", "o", "ro"), "cannot be combined with type, device or o"),
        Arguments.of(Map.of("overwritefs", "true", "device", "/x"), "cannot be combined with"),
        Arguments.of(Map.of("newfstype", "secret42"), "newfstype is neither ext4 nor xfs"),
        Arguments.of(Map.of("newfstype", ""), "newfstype is neither"),
        Arguments.of(Map.of("size", "5", "newfstype", "btrfs"), "newfstype is neither"),
        Arguments.of(Map.of("overwritefs", "secret42"), "overwritefs is neither true nor false"),
        Arguments.of(Map.of("overwritefs", "yes"), "overwritefs is neither"),
        Arguments.of(Map.of("device", "/secret42"), "o must have bind"),
        Arguments.of(Map.of("o", "secret42"), "o must have bind"),
        Arguments.of(Map.of("type", "", "o", "secret42=1"), "o must have bind"),
        Arguments.of(Map.of("type", "none", "device", "/secret42"), "o must have bind"),
        Arguments.of(Map.of("o", "bind"), "device is missing"),
        Arguments.of(Map.of("type", "nfs", "o", "password=secret42"), "device is missing"),
        Arguments.of(Map.of("type", "ext4", "device", ""), "device is missing"));
  }

  @ParameterizedTest
  @MethodSource("wrong")
  void whatIsWrongIsNamedAndNotShown(Map<String, String> options, String why) {
    String refusal = refusal(options);

    assertTrue(refusal.contains("volume 'pg' (driver local)"), refusal);
    assertTrue(refusal.contains(why), refusal);
    assertFalse(refusal.contains("secret42"), refusal);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        " ",
        "0",
        "00",
        "-1",
        "+1",
        "5.5",
        "5G",
        "5GiB",
        "0x5",
        "16385",
        "999999",
        "1000000",
        "99999999999999999999",
        "٣",
        "1 0",
        "secret42"
      })
  void aSizeIsAWholeNumberOfGiB(String size) {
    String refusal = refusal(Map.of("size", size));

    assertTrue(refusal.contains("size is not a whole number of GiB from 1 to 16384"), refusal);
    assertFalse(refusal.contains("secret42"), refusal);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "suid",
        "dev",
        "remount",
        "move",
        "shared",
        "slave",
        "private",
        "unbindable",
        "rshared",
        "rslave",
        "rprivate",
        "runbindable",
        "rbind"
      })
  void optionsThatReachBeyondTheVolumeAreRefused(String option) {
    String refusal = refusal(Map.of("type", "tmpfs", "o", "password=secret42," + option + ",ro"));

    assertTrue(refusal.contains("the mount option " + option + " in o is not allowed"), refusal);
    assertFalse(refusal.contains("secret42"), refusal);
  }

  @Test
  void printedTheyMaskWhatMayBeSecret() {
    LocalOptions options =
        LocalOptions.of(
            ID,
            Options.of(Map.of("type", "cifs", "device", "//nas/share", "o", "password=secret42")));

    assertFalse(options.toString().contains("secret42"), options.toString());
  }

  private static String refusal(Map<String, String> options) {
    return String.valueOf(
        assertThrows(InvalidRequestException.class, () -> LocalOptions.of(ID, Options.of(options)))
            .getMessage());
  }

  private static LocalOptions image(OptionalLong size, Optional<String> type, boolean overwrite) {
    return new LocalOptions.Image(size, type, overwrite);
  }

  private static LocalOptions direct(String type, String device, String options) {
    return new LocalOptions.Direct(type, device, MountOption.list(options));
  }
}
