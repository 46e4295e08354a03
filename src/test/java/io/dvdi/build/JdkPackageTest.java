// SPDX-License-Identifier: Apache-2.0
package io.dvdi.build;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.Test;

/** The distribution's JDK comes before a download. */
class JdkPackageTest extends JdkDownloadFixture {
  /** What bin/dvdi and bin/check call, on a machine without any JDK. */
  private Ended requirePackages() throws Exception {
    put(List.of("mount", "unshare"));
    return run(
        "unshare",
        "--mount",
        "--propagation",
        "private",
        "bash",
        "-euc",
        """
        for folder in /usr/lib/jvm /usr/java /opt; do
          [[ ! -d $folder ]] || mount -t tmpfs tmpfs "$folder"
        done
        # It adds the places of programs that only root calls.
        for folder in /usr/sbin /sbin; do
          [[ -L $folder ]] || mount -t tmpfs tmpfs "$folder"
        done
        source "$0/jdk.sh"
        source "$0/packages.sh"
        require_packages ''
        """,
        lib.toString());
  }

  @Test
  void withoutAptTheJdkAloneIsDownloaded() throws Exception {
    Ended ended = requirePackages();
    assertEquals(0, ended.status(), ended.errors());
    assertIsFound();
  }

  @Test
  void whereTheDistributionHasNoneItIsDownloaded() throws Exception {
    putScript("apt-get", "echo \"$@\" >&2");
    putScript(
        "apt-cache", "echo openjdk-17-jdk-headless - too old; echo openjdk-21-jdk-headless -");
    Ended ended = requirePackages();
    assertEquals(0, ended.status(), ended.errors());
    assertIsFound();
  }

  @Test
  void theDistributionsOwnComesFirst() throws Exception {
    putScript("apt-get", "echo \"$@\"");
    putScript("apt-cache", "echo openjdk-21-jdk-headless -; echo openjdk-25-jdk-headless -");
    Ended ended = requirePackages();
    assertEquals(0, ended.status(), ended.errors());
    assertTrue(ended.errors().contains(" openjdk-25-jdk-headless\n"), ended.errors());
    assertEquals(0, requests.get());
  }

  @Test
  void whereTheDistributionsOwnCannotBeInstalledItIsDownloaded() throws Exception {
    putScript("apt-get", "exit 100");
    putScript("apt-cache", "echo openjdk-25-jdk-headless -");
    Ended ended = requirePackages();
    assertEquals(0, ended.status(), ended.errors());
    assertIsFound();
  }
}
