// SPDX-License-Identifier: Apache-2.0
package io.dvdi.agent;

import static io.dvdi.agent.EmbeddedAgent.localTask;
import static io.dvdi.agent.EmbeddedAgent.task;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.dvdi.agent.EmbeddedAgent.Run;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.CleanupMode;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * What a person gets wrong: nothing runs, nothing is mounted, nothing is written, and the message
 * helps.
 */
class BadInputIT {
  @TempDir(cleanup = CleanupMode.ON_SUCCESS)
  Path folder;

  EmbeddedAgent agent;

  @BeforeEach
  void create() {
    agent = new EmbeddedAgent(folder);
  }

  @AfterEach
  void end() {
    agent.close();
  }

  private void refused(Run run, String... expected) {
    assertEquals(1, run.status(), run.logText());
    for (String words : expected) {
      assertTrue(run.logText().contains(words), "expected '" + words + "' in:\n" + run.logText());
    }
    assertEquals("", run.output());
    agent.leavesNothing();
    assertFalse(Files.exists(folder.resolve("local/v")), "a volume was made");
  }

  static Stream<Arguments> requests() {
    String long1025 = "n".repeat(1025);
    return Stream.of(
        Arguments.of("DVDI_VOLUME_CONTAINERPATH", "../up", "'..'"),
        Arguments.of("DVDI_VOLUME_CONTAINERPATH", "a/../../b", "'..'"),
        Arguments.of("DVDI_VOLUME_CONTAINERPATH", "/", "is not the path of a folder"),
        Arguments.of("DVDI_VOLUME_CONTAINERPATH", "", "is not the path of a folder"),
        Arguments.of("DVDI_VOLUME_CONTAINERPATH", "/no/such/folder/here", "does not exist"),
        Arguments.of("DVDI_VOLUME_CONTAINERPATH", "/etc", "system folder"),
        Arguments.of("DVDI_VOLUME_CONTAINERPATH", "c".repeat(256), "at most 255"),
        Arguments.of("DVDI_VOLUME_NAME", "", "is empty"),
        Arguments.of("DVDI_VOLUME_NAME", long1025, "1025 bytes long"),
        Arguments.of("DVDI_VOLUME_NAME", "../../etc", "allows only letters, digits"),
        Arguments.of("DVDI_VOLUME_NAME", "/etc", "name is a path of the host has no options"),
        Arguments.of("DVDI_VOLUME_NAME", "a b;$(touch /tmp/x)", "allows only letters, digits"),
        Arguments.of("DVDI_VOLUME_NAME", "two\\nlines", "allows only letters, digits"),
        Arguments.of("DVDI_VOLUME_DRIVER", "unheard-of", "no volume driver 'unheard-of'"),
        Arguments.of("DVDI_VOLUME_DRIVER", "../../bin/sh", "is not a driver's name"),
        Arguments.of("DVDI_VOLUME_OPTS", "size", "has no '='"),
        Arguments.of("DVDI_VOLUME_OPTS", "size=0", "whole number of GiB"),
        Arguments.of("DVDI_VOLUME_OPTS", "size=-1", "whole number of GiB"),
        Arguments.of("DVDI_VOLUME_OPTS", "size=99999999999", "whole number of GiB"),
        Arguments.of("DVDI_VOLUME_OPTS", "size=1,newfstype=ntfs", "neither ext4 nor xfs"),
        Arguments.of("DVDI_VOLUME_OPTS", "size=1,type=tmpfs", "cannot be combined with"),
        Arguments.of("DVDI_VOLUME_OPTS", "type=proc", "the option device is missing"),
        Arguments.of("DVDI_VOLUME_OPTS", "type=tmpfs,o=suid", "mount option suid"),
        Arguments.of("DVDI_VOLUME_OPTS", "newfstype=ext4", "does not exist yet"),
        Arguments.of("DVDI_VOLUME_OPTS", "", "plain_directories"),
        Arguments.of("DVDI_VOLUME_EXPLICITCREATE", "maybe", "write true or false"),
        Arguments.of("DVDI_VOLUME_DVDCLI", "/bin/sh", "only the operator chooses the program"),
        Arguments.of("DVDI_VOLUME_MOUNTPOINT", "/x", "is set by this module"),
        Arguments.of("DVDI_VOLUME_NAME32", "x", "up to 32 volumes"),
        Arguments.of("DVDI_VOLUME_NAMESPACE", "x", "not a variable of this module"),
        Arguments.of("DVDI_VOLUME_DRIVER5", "local", "DVDI_VOLUME_NAME5 is not"),
        Arguments.of("DVDI_VOLUME_NAME0", "other", "different values; remove one"));
  }

  @Test
  void aBadVariableIsNamedWithTheReason() {
    List<Arguments> requests = requests().toList();
    String[] tasks = new String[requests.size()];
    for (int i = 0; i < tasks.length; i++) {
      Object[] request = requests.get(i).get();
      tasks[i] = task("t" + i + ".", "echo it ran", with((String) request[0], (String) request[1]));
    }
    Run run = agent.start(tasks);
    refused(run);
    List<String> log = run.logText().lines().toList();
    for (int i = 0; i < tasks.length; i++) {
      Object[] request = requests.get(i).get();
      String task = "Task t" + i + ". does not start";
      assertTrue(
          log.stream().anyMatch(line -> line.contains(task) && line.contains((String) request[2])),
          request[0] + "=" + request[1] + " in:\n" + run.logText());
    }
  }

  /** The variables of a good request, but for one. */
  private static String[] with(String variable, String value) {
    Map<String, String> variables = new LinkedHashMap<>();
    variables.put("DVDI_VOLUME_NAME", "v");
    variables.put("DVDI_VOLUME_DRIVER", "local");
    variables.put("DVDI_VOLUME_OPTS", "size=1");
    variables.put("DVDI_VOLUME_CONTAINERPATH", "data");
    variables.put(variable, value);
    return variables.entrySet().stream()
        .flatMap(entry -> Stream.of(entry.getKey(), entry.getValue()))
        .toArray(String[]::new);
  }

  @Test
  void aLinkOnTheWayIsNotFollowed() throws IOException {
    Path link = folder.resolve("link");
    Files.createSymbolicLink(link, Path.of("/etc"));
    refused(
        agent.start(
            task(
                "t", "echo it ran",
                "DVDI_VOLUME_NAME", "v",
                "DVDI_VOLUME_DRIVER", "local",
                "DVDI_VOLUME_OPTS", "size=1",
                "DVDI_VOLUME_CONTAINERPATH", link + "/x")),
        "symbolic link (to /etc)");
  }

  @Test
  void aLibraryThatIsNotThere() {
    agent.library(Path.of("/no/such/library.so"));
    refused(agent.start(localTask("t", "echo it ran", "v", "size=1")), "/no/such/library.so");
  }

  @Test
  void aLibraryThatIsAnother() throws IOException {
    agent.library(libc());
    refused(agent.start(localTask("t", "echo it ran", "v", "size=1")), "libc.so.6");
  }

  /** The C library of this process; its folder is named after the processor. */
  private static Path libc() throws IOException {
    try (Stream<String> lines = Files.lines(Path.of("/proc/self/maps"))) {
      return Path.of(
          lines
              .filter(line -> line.endsWith("/libc.so.6"))
              .map(line -> line.substring(line.indexOf('/')))
              .findFirst()
              .orElseThrow());
    }
  }

  @Test
  void aProcessorThatTheBindingsAreNotFor() {
    agent.parameter("jvm_options", "-Dos.arch=riscv64");
    refused(
        agent.start(localTask("t", "echo it ran", "v", "size=1")),
        "runs on x86-64 and arm64 only",
        "riscv64");
    assertFalse(Files.exists(folder.resolve("state/volumes")), "state was made");
  }

  @Test
  void aLibraryWithoutItsJars() throws Exception {
    Path alone = Files.createDirectory(folder.resolve("alone")).resolve("library.so");
    Files.copy(EmbeddedAgent.DIST.resolve("lib/libmesos_dvdi_isolator-embedded.so"), alone);
    agent
        .library(alone)
        .parameter("java_modules", EmbeddedAgent.DIST.resolve("lib/dvdi").toString());
    refused(
        agent.start(localTask("t", "echo it ran", "v", "size=1")),
        alone.resolveSibling("dvdi").toString(),
        "Install the folder dvdi with the jars next to the library");
  }

  @ParameterizedTest
  @MethodSource("badParameters")
  void aBadParameter(String key, String value, String expected) {
    agent.parameter(key, value);
    refused(agent.start(localTask("t", "echo it ran", "v", "size=1")), key, expected);
    assertFalse(Files.exists(folder.resolve("state/volumes")), "state was made");
  }

  static Stream<Arguments> badParameters() {
    return Stream.of(
        Arguments.of("java_home", "/no/such/java", "/no/such/java"),
        Arguments.of("java_home", "/usr", "/usr"),
        Arguments.of("java_home", "relative", "relative"),
        Arguments.of("jvm_options", "-XX:NoSuchOption=1", "NoSuchOption"),
        Arguments.of("jvm_options", "-Xmx1k", "Too small"),
        Arguments.of("jvm_options", "-Xmx900000g", "heap"),
        Arguments.of("state_dir", "relative", "absolute path"),
        Arguments.of("mount_timeout", "soon", "duration"),
        Arguments.of("no_such_key", "x", "is unknown"));
  }
}
