// SPDX-License-Identifier: Apache-2.0
package io.dvdi.module;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.dvdi.bindings.libc.libc_h;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.FutureTask;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What mesos-module-dvdi demands of the agent, and what it takes from modules.json. */
class PredecessorParametersTest {
  @TempDir Path folder;
  private final RecordingHost host = new RecordingHost();

  @AfterEach
  void free() {
    host.close();
  }

  @Test
  void theDefaultsAreThoseThatWereBuiltIn() {
    assertEquals("rexray", Parameter.DEFAULT_DRIVER.byDefault());
    assertEquals("/usr/bin/dvdcli", Parameter.DVDCLI.byDefault());
  }

  @Test
  void workDirIsNoParameterAnyMoreAndTheWarningNamesWhatThereIs() {
    Map<String, String> parameters =
        Map.of(
            "work_dir", "/var/lib/mesos",
            "state_dir", folder.resolve("state").toString(),
            "local_dir", folder.resolve("local").toString());
    assertEquals("", host.boot(parameters));
    assertTrue(
        host.log.stream().anyMatch(line -> line.contains("work_dir") && line.contains("state_dir")),
        host.log::toString);
    host.closeModule();
    assertFalse(host.answer().failed());
  }

  @Test
  void theAgentHasToBeRoot() throws Exception {
    Map<String, String> parameters = Map.of("state_dir", folder.resolve("state").toString());
    // Once as root, so that all classes are loaded: another user may not be able to read them.
    assertTrue(host.boot(Map.of("state_dir", "x")).contains("state_dir"));
    FutureTask<String> boot =
        new FutureTask<>(
            () -> {
              becomes(65534);
              try {
                return host.boot(parameters);
              } finally {
                becomes(0);
              }
            });
    Thread thread = new Thread(boot);
    thread.start();
    String error = boot.get();
    assertEquals(
        "the agent does not run as root, and only root can mount; run it as root, or remove this"
            + " module",
        error);
  }

  /** The effective user of this thread alone: the system call, unlike the C library's function. */
  private static void becomes(int user) {
    long setresuid = System.getProperty("os.arch").equals("amd64") ? 117 : 147;
    long result =
        libc_h
            .syscall
            .makeInvoker(libc_h.C_INT, libc_h.C_INT, libc_h.C_INT)
            .apply(setresuid, -1, user, -1);
    assertEquals(0, result);
  }
}
