// SPDX-License-Identifier: Apache-2.0
package io.dvdi.driver.dvdcli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.dvdi.driver.Deadline;
import io.dvdi.lifecycle.Told;
import io.dvdi.lifecycle.Told.Existence;
import io.dvdi.lifecycle.VolumeEvent.Succeeded;
import io.dvdi.testing.Eventually;
import io.dvdi.volume.Options;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

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
    ask();
    create(Map.of("size", "5; rm -rf $HOME"));
    mount(Options.of(Map.of("size", "5")));
    unmount();

    assertEquals(
        List.of(
            "version",
            "path --volumedriver=stand-in --volumename=data",
            "list --volumedriver=stand-in --volumename=data",
            "create --volumedriver=stand-in --volumename=data --volumeopts=size=5; rm -rf $HOME",
            "mount --volumedriver=stand-in --volumename=data --explicitcreate",
            "unmount --volumedriver=stand-in --volumename=data"),
        script.arguments());
  }

  @Test
  void aVolumeThatExistsTakesOneRunAndItsMountAnother() throws Exception {
    script.has("data");
    unmount();

    ask();
    mount();

    assertEquals(
        List.of(
            "path --volumedriver=stand-in --volumename=data",
            "mount --volumedriver=stand-in --volumename=data --explicitcreate"),
        script.arguments().subList(2, 4));
  }

  @Test
  void usageWithStatusZeroSendsNothing() throws Exception {
    script.becomes(
        "printf 'Usage:\\n"
            + "  dvdcli mount [flags]\\n"
            + "\\n"
            + "Error: unknown flag: --explicitcreate\\n"
            + "' >&2");

    String words = "failed (exit status 0): Error: unknown flag: --explicitcreate";
    assertTrue(notSent(mount()).endsWith(words));
    assertTrue(notSent(unmount()).endsWith(words));
    assertFalse(ask().answered());
  }

  @ParameterizedTest
  @ValueSource(strings = {"echo /mnt/a; echo /mnt/b", "printf '/mnt/a\\000b'", "echo a /mnt"})
  void whatIsNotOnePathIsNone(String writes) throws Exception {
    script.becomes("case $1 in mount | path) " + writes + ";; esac");

    assertEquals(new Succeeded("", false), mount());
    assertTrue(log.getLast().contains("instead of one absolute path"), log::toString);
    Told told = ask();
    assertEquals(Existence.EXISTS, told.existence());
    assertEquals(Optional.empty(), told.path());
  }

  @Test
  void aPanicIsNoAnswer() throws Exception {
    script.becomes("echo 'panic: runtime error: index out of range [1] with length 1' >&2; exit 2");

    String words = cutOff(mount());

    assertTrue(words.contains("(exit status 2): panic: runtime error"), words);
    assertFalse(ask().answered());
  }

  @Test
  void aFailureWithoutAWordIsShownAsOne() throws Exception {
    script.becomes("exit 1");

    assertTrue(failed(mount()).contains("it wrote nothing"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "level=warning msg=\"Unable to connect to plugin: /run/x.sock:/VolumeDriver.%s, retrying in"
            + " 1s\"\nlevel=error msg=\"VolumeDriver.%s: volume is not mounted by this id\"",
        // After half a minute it does not try again.
        "level=error msg=\"Post http://%%2Frun%%2Fx.sock/VolumeDriver.%s: EOF\"",
        "level=error msg=\"VolumeDriver.%s: error reading plugin resp: unexpected"
            + " EOF\"\nlevel=error msg=\"unexpected EOF\"",
      })
  void aRequestThatMayHaveArrivedIsCutOff(String words) throws Exception {
    for (String method : List.of("Create", "Mount", "Unmount")) {
      script.becomes("cat >&2 <<'end'\n" + words.formatted(method, method) + "\nend\nexit 1");
      cutOff(
          switch (method) {
            case "Create" -> create(Map.of());
            case "Mount" -> mount();
            default -> unmount();
          });
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "level=info msg=\"Error looking up volume plugin x: Post"
            + " http://%2Frun%2Fx.sock/Plugin.Activate: dial unix /run/x.sock: connect: connection"
            + " refused\" volumeDriver=x",
        "level=error msg=\"Post http://%2Frun%2Fx.sock/VolumeDriver.Get: EOF\" volumeName=data",
      })
  void aRunThatDidNotGetThatFarHasSentNothing(String words) throws Exception {
    script.becomes("cat >&2 <<'end'\n" + words + "\nend\nexit 1");

    notSent(mount());
    notSent(unmount());
    assertFalse(ask().answered());
  }

  @Test
  void aRefusalAfterATroubledQuestionIsOne() throws Exception {
    script.becomes(
        "cat >&2 <<'end'\n"
            + "level=warning msg=\"Unable to connect to plugin: /run/x.sock:/VolumeDriver.Get,"
            + " retrying in 1s\"\n"
            + "level=error msg=\"VolumeDriver.Mount: lease is held\"\n"
            + "end\n"
            + "exit 1");

    failed(mount());
  }

  @Test
  void aProgramThatIsKilledIsCutOff() throws Exception {
    script.becomes("kill -9 $$");

    cutOff(mount());
    cutOff(unmount());
    cutOff(create(Map.of()));
    assertFalse(ask().answered());
  }

  @Test
  void aListThatIsTooLongToBeReadDoesNotSayThatAVolumeIsMissing() throws Exception {
    // 80 KB, and the volume is the last of them.
    script.becomes("case $1 in list) seq -f volume-%g 6000; echo data;; path) exit 1;; esac");

    Told told = ask();

    assertEquals(Existence.UNKNOWN, told.existence());
    assertEquals("`dvdcli list` wrote too much, or did not end", told.words());
  }

  @Test
  void aVolumeInTheStartOfALongListExists() throws Exception {
    script.becomes("case $1 in list) echo data; seq 20000;; path) exit 1;; esac");

    assertEquals(Existence.EXISTS, ask().existence());
  }

  @Test
  void aQuestionThatHangsEndsAtItsDeadlineWithAllThatItStarted() throws Exception {
    Path pid = folder.resolve("pid");
    script.becomes("case $1 in path) sleep 1000 & echo $! > " + pid + "; wait;; esac");
    long start = System.nanoTime();

    Told told = ask(Duration.ofSeconds(5));

    assertFalse(told.answered());
    assertTrue(told.words().endsWith("did not end within 5 s and was killed"), told.words());
    assertTrue(Duration.ofNanos(System.nanoTime() - start).toSeconds() < 60);
    long child = Long.parseLong(Files.readString(pid).strip());
    // A killed child may wait for a moment to be reaped.
    Eventually.holds("it is gone", () -> ProcessHandle.of(child).isEmpty());
  }

  @Test
  void aListThatHangsSaysNothing() throws Exception {
    script.becomes("case $1 in list) exec sleep 1000;; path) exit 1;; esac");

    Told told = ask(Duration.ofSeconds(5));

    assertTrue(told.answered());
    assertEquals(Existence.UNKNOWN, told.existence());
  }

  @Test
  void aFloodOfWordsKeepsItsEnd() throws Exception {
    script.becomes("head -c 30000 /dev/zero | tr '\\0' x >&2; echo ' the reason' >&2; exit 1");

    String message = failed(mount());

    assertTrue(message.contains("the reason") && message.length() < 1_000, message);
  }

  @Test
  void aMissingProgramIsNotInstalledAndSendsNothing() throws Exception {
    assertTrue(driver.serves("any", Deadline.never()));
    Files.delete(script.program());

    assertFalse(driver.serves("any", Deadline.never()));
    assertTrue(notSent(mount()).contains("cannot be started"));
    assertTrue(notSent(unmount()).contains("cannot be started"));
    Told told = ask();
    assertFalse(told.answered());
    assertTrue(told.words().contains("cannot be started"), told.words());
    assertTrue(log.get(0).startsWith("the version of dvdcli is not known"), log::toString);
  }
}
