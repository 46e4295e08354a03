// SPDX-License-Identifier: Apache-2.0
package io.dvdi.driver.dvdcli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.dvdi.driver.DriverException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is said to dvdcli and what it says, where the real one cannot be made to. */
class DvdcliWordsTest extends DvdcliFixture {
  @TempDir Path folder;
  private ScriptedDvdcli script;

  @BeforeEach
  void start() throws Exception {
    script = new ScriptedDvdcli(folder);
    drive(script.program());
  }

  @Test
  void itsArgumentsAreTheTasksAsTheyAre() throws Exception {
    mount(Map.of("size", "5; rm -rf $HOME"));
    unmount();

    assertEquals(
        List.of(
            "version",
            "list --volumedriver=stand-in --volumename=data",
            "mount --volumedriver=stand-in --volumename=data --volumeopts=size=5; rm -rf $HOME",
            "unmount --volumedriver=stand-in --volumename=data"),
        script.arguments());
  }

  @Test
  void explicitcreateIsSpeltAsTheProgramKnowsIt() throws Exception {
    script.has("data");

    Path unused = mount(Map.of("size", "5"), true, Duration.ofSeconds(20));

    assertEquals(
        "mount --volumedriver=stand-in --volumename=data --explicitcreate",
        script.arguments().getLast());
  }

  @Test
  void usageWithStatusZeroIsAFailure() throws Exception {
    script.becomes(
        "printf 'Usage:\\n"
            + "  dvdcli mount [flags]\\n"
            + "\\n"
            + "Error: unknown flag: --explicitcreate\\n"
            + "' >&2");

    assertTrue(
        mountFails()
            .toString()
            .contains("failed (exit status 0): Error: unknown flag: --explicitcreate"));
    assertTrue(
        assertThrows(DriverException.class, this::unmount).toString().contains("unknown flag"));
  }

  @Test
  void twoLinesAreNoMountpoint() throws Exception {
    script.becomes("case $1 in mount) echo /mnt/a; echo /mnt/b;; esac");

    DriverException e = mountFails();

    assertTrue(
        e.toString().contains("wrote '/mnt/a /mnt/b' where one absolute path belongs"),
        e.toString());
  }

  @Test
  void aMountpointThatCouldNotBeTakenBackIsSaidToBeOne() throws Exception {
    script.becomes("case $1 in unmount) echo broken >&2; exit 1;; esac");

    assertTrue(mountFails().toString().contains("and `dvdcli unmount` failed: broken"));
  }

  @Test
  void aPanicIsAFailure() throws Exception {
    script.becomes("echo 'panic: runtime error: index out of range [1] with length 1' >&2; exit 2");

    DriverException e = mountFails();

    assertTrue(e.toString().contains("(exit status 2): panic: runtime error"), e.toString());
    assertFalse(e.isUncertain());
  }

  @Test
  void aFailureWithoutAWordIsShownAsOne() throws Exception {
    script.becomes("exit 1");

    assertTrue(mountFails().toString().contains("it wrote nothing"));
  }

  @Test
  void aRequestThatMayHaveArrivedIsUncertain() throws Exception {
    script.becomes(
        "echo 'level=warning msg=\"Unable to connect to plugin: x.sock:/VolumeDriver.Mount,"
            + " retrying in 1s\"' >&2; exit 1");

    assertTrue(mountFails().isUncertain());
  }

  @Test
  void aKilledMountIsUncertain() throws Exception {
    script.becomes("case $1 in mount) kill -9 $$;; esac");

    assertTrue(mountFails().isUncertain());
  }

  @Test
  void aListThatIsTooLongToBeReadDoesNotSayThatAVolumeIsMissing() throws Exception {
    // 80 KB, and the volume is the last of them.
    script.becomes(
        "case $1 in list) seq -f volume-%g 6000; echo data;; mount) echo \"$*\" >&2; exit 1;;"
            + " esac");

    String message = mountFails().toString();

    assertTrue(message.contains("--explicitcreate; if the volume does not exist"), message);
    assertTrue(message.contains("what `dvdcli list` writes is more than is read"), message);
  }

  @Test
  void aVolumeInTheStartOfALongListExists() throws Exception {
    script.becomes("case $1 in list) echo data; seq 20000;; mount) echo \"$*\" >&2; exit 1;; esac");

    String message = mountFails().toString();

    assertTrue(message.endsWith("--volumename=data --explicitcreate"), message);
  }

  @Test
  void aHangingListChangesNothing() throws Exception {
    script.becomes("case $1 in list) exec sleep 1000;; esac");

    DriverException e =
        assertThrows(DriverException.class, () -> mount(Map.of(), false, Duration.ofMillis(500)));

    assertFalse(e.isUncertain());
  }

  @Test
  void aFloodOfWordsKeepsItsEnd() throws Exception {
    script.becomes("head -c 30000 /dev/zero | tr '\\0' x >&2; echo ' the reason' >&2; exit 1");

    String message = mountFails().toString();

    assertTrue(message.contains("the reason") && message.length() < 1_000, message);
  }

  @Test
  void aMissingProgramIsNotInstalled() throws Exception {
    assertTrue(driver.isInstalled());
    Files.delete(script.program());

    assertFalse(driver.isInstalled());
    assertTrue(mountFails().toString().contains("cannot be started"));
    assertTrue(log.get(0).startsWith("the version of dvdcli is not known"), log::toString);
  }

  @Test
  void whatCannotBeAPathIsNoMountpoint() throws Exception {
    script.becomes("case $1 in mount) printf '/mnt/a\\000b';; esac");

    assertTrue(mountFails().toString().contains("where one absolute path belongs"));
  }
}
