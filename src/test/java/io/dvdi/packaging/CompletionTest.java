// SPDX-License-Identifier: Apache-2.0
package io.dvdi.packaging;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.dvdi.testing.RealMounts;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Bash completes the command line of dvdi to what its help lists, and to what there is. */
class CompletionTest {
  /** Sets what Bash sets when somebody presses Tab after the last word. */
  private static final String PRESS_TAB =
      """
      source packaging/bash-completion/dvdi
      compopt() { :; } # works only in a shell that somebody types in
      [[ $(complete -p dvdi) == 'complete -F _dvdi dvdi' ]]
      COMP_WORDS=("$@")
      COMP_CWORD=$(($# - 1))
      _dvdi
      ((${#COMPREPLY[@]} == 0)) || printf '%s\\n' "${COMPREPLY[@]}"
      """;

  @RegisterExtension final RealMounts mounts = new RealMounts();

  private boolean hasOwnRun;

  /**
   * @param words after dvdi, as Bash splits them; the last one is being typed
   */
  private static Set<String> complete(String... words) throws Exception {
    List<String> command = new ArrayList<>(List.of("bash", "-euc", PRESS_TAB, "bash", "dvdi"));
    command.addAll(List.of(words));
    Set<String> replies = new TreeSet<>();
    RealMounts.run(command.toArray(String[]::new)).lines().forEach(replies::add);
    return replies;
  }

  /** Plugins are looked for there; the tests' JVM has a mount namespace of its own. */
  private void putPlugins(String... names) throws Exception {
    mounts.mount("-t", "tmpfs", "tmpfs", "/run");
    hasOwnRun = true;
    for (String name : names) {
      Path file = Path.of("/run/docker/plugins", name);
      Files.createDirectories(file.getParent());
      Files.createFile(file);
    }
  }

  @AfterEach
  void end() throws Exception {
    if (hasOwnRun) {
      RealMounts.run("umount", "/run");
    }
  }

  @Test
  void commands() throws Exception {
    assertEquals(Set.of("run", "plan", "volume", "--help", "--version"), complete(""));
    assertEquals(Set.of("plan"), complete("p"));
    Set<String> volume = new TreeSet<>(Help.dvdcli().keySet());
    volume.add("help");
    assertEquals(volume, complete("volume", ""));
  }

  @Test
  void optionsOfTheHelp() throws Exception {
    for (var command : Help.dvdi().entrySet()) {
      assertEquals(
          command.getValue(), names(complete(command.getKey(), "app.json", "--")), command::getKey);
    }
    assertEquals(Set.of("--json"), complete("plan", "--j"));
  }

  @Test
  void flagsOfTheHelp() throws Exception {
    for (var command : Help.dvdcli().entrySet()) {
      assertEquals(
          command.getValue(), names(complete("volume", command.getKey(), "")), command::getKey);
    }
  }

  private static Set<String> names(Set<String> options) {
    Set<String> names = new TreeSet<>();
    options.forEach(option -> names.add(option.replaceAll("^--|=$", "")));
    return names;
  }

  @Test
  void driversOfThisHost() throws Exception {
    putPlugins("rexray.sock", "rclone/rclone.sock", "0a1b/managed.sock", "a$(false)b.sock");
    Set<String> plugins = Set.of("rexray", "rclone", "a$(false)b");
    assertEquals(plugins, complete("volume", "mount", "--volumedriver", "=", ""));
    assertEquals(plugins, complete("volume", "mount", "--volumedriver", "="));
    assertEquals(Set.of("rexray"), complete("volume", "list", "--volumedriver", "re"));
    assertEquals(Set.of("local"), complete("plan", "--default-driver", "lo"));
  }

  @Test
  void files() throws Exception {
    Files.createFile(mounts.folder().resolve("app.json"));
    Files.createFile(mounts.folder().resolve("app.txt"));
    Path below = Files.createDirectory(mounts.folder().resolve("apps"));
    String typed = mounts.folder() + "/a";
    Set<String> apps = Set.of(mounts.folder() + "/app.json", below.toString());
    assertEquals(apps, complete("run", typed));
    assertEquals(apps, complete("plan", "--json", typed));
    assertEquals(apps, complete("run", "--modules", "=", typed));
    assertEquals(Set.of(below.toString()), complete("run", "--state-dir", typed));
  }

  @Test
  void values() throws Exception {
    assertEquals(Set.of("1.1", "1.3"), complete("plan", "--marathon", ""));
    assertEquals(Set.of(), complete("run", "--for", ""));
    assertEquals(Set.of(), complete("volume", "get", "--volumename", "=", ""));
  }
}
