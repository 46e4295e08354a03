// SPDX-License-Identifier: Apache-2.0
package io.dvdi.cli.volume;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** dvdcli's command line, as it is written in scripts. */
class FlagsTest {
  private static Map<String, String> options(String... flags) throws FlagException {
    String[] words = new String[flags.length + 1];
    words[0] = "mount";
    System.arraycopy(flags, 0, words, 1, flags.length);
    return Flags.parse(words).volume().options().values();
  }

  @Test
  void flagsStandAnywhereTakeTheirValueBothWaysAndTheLastCounts() throws FlagException {
    Flags flags =
        Flags.parse("--volumedriver", "a", "mount", "--volumename=v", "--volumedriver=rexray");

    assertEquals(Optional.of(Command.MOUNT), flags.command());
    assertEquals("rexray", flags.volume().driver());
    assertEquals("v", flags.volume().name());
    assertEquals(Duration.ofMinutes(2), flags.timeout());
    assertEquals(Optional.empty(), flags.volume().mountId());
    assertFalse(flags.volume().mustExist());
  }

  @Test
  void optionsAreRepeatedOrListed() throws FlagException {
    assertEquals(
        Map.of("size", "5", "iops", "150", "newFsType", "ext4"),
        options("--volumeopts=size=5,iops=150", "--volumeopts", "newFsType=ext4"));
    assertEquals(Map.of(), options("--volumeopts=", "--volumeopts=,"));
    assertEquals(Map.of("size", "6"), options("--volumeopts=size=5", "--volumeopts=size=6"));
  }

  @Test
  void aValueIsNotCut() throws FlagException {
    assertEquals(
        Map.of("o", "vers=4,addr=nas", "user", "DOM\\me"),
        options("--volumeopts=o=vers=4\\,addr=nas,user=DOM\\me"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "--explicitcreate",
        "--explicitcreate=true",
        "--explicitcreate=1",
        "--explicitCreate",
        "--explicitCreate=TRUE"
      })
  void explicitcreateIsKnownInBothSpellings(String flag) throws FlagException {
    assertTrue(Flags.parse("mount", flag).volume().mustExist());
  }

  @Test
  void aWordAfterExplicitcreateIsNotItsValue() throws FlagException {
    Flags flags = Flags.parse("mount", "--explicitcreate", "false");

    assertTrue(flags.volume().mustExist());
    assertEquals(List.of("false"), flags.surplus());
  }

  @Test
  void whatComesAfterTwoDashesIsNoFlag() throws FlagException {
    assertEquals(List.of("--bogus"), Flags.parse("mount", "--", "--bogus").surplus());
  }

  @ParameterizedTest
  @CsvSource({"500ms,PT0.5S", "90s,PT1M30S", "5m,PT5M", "1h,PT1H"})
  void timeoutIsADuration(String text, Duration expected) throws FlagException {
    assertEquals(expected, Flags.parse("list", "--timeout=" + text).timeout());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "mount --bogus                | unknown flag: --bogus",
        "--bogus=1 mount              | unknown flag: --bogus",
        "mount -x                     | unknown shorthand flag: 'x' in -x",
        "mount --volumename           | flag needs an argument: --volumename",
        "mount --explicitcreate=maybe | invalid argument \"maybe\" for --explicitcreate; write true"
            + " or false",
        "mount --EXPLICITCREATE       | unknown flag: --EXPLICITCREATE",
        "list --volumeopts=a=b        | unknown flag: --volumeopts",
        "unmount --explicitcreate     | unknown flag: --explicitcreate",
        "create --mountid=a           | unknown flag: --mountid",
        "list --timeout=0s            | invalid argument \"0s\" for --timeout; write a number and"
            + " ms, s, m or h, such as 90s",
        "list --timeout=2mins         | invalid argument \"2mins\" for --timeout; write a number"
            + " and ms, s, m or h, such as 90s",
        "mount --volumeopts=a=b,s3cret| --volumeopts: item 2 of the comma list has no '='; write"
            + " name=value, and a comma inside a value as \\,",
        "mount --volumeopts==b        | --volumeopts has an option without a name; write"
            + " name=value",
      })
  void whatCannotBeUnderstoodIsRefused(String line, String expected) {
    FlagException e =
        assertThrows(FlagException.class, () -> Flags.parse(line.strip().split(" ", -1)));

    assertEquals(expected, e.getMessage());
  }
}
