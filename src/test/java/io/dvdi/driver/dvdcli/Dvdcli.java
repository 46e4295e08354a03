// SPDX-License-Identifier: Apache-2.0
package io.dvdi.driver.dvdcli;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** A dvdcli to test with, and the plugin "stand-in" behind it. */
interface Dvdcli {
  /**
   * The real program where there is one: the one that DVDI_TEST_DVDCLI names (it is no longer there
   * to download; it builds from github.com/rexray/dvdcli), or /usr/bin/dvdcli.
   */
  static Optional<Path> installed() {
    String named =
        System.getProperty(
            "DVDI_TEST_DVDCLI", System.getenv().getOrDefault("DVDI_TEST_DVDCLI", ""));
    if (!named.isEmpty()) {
      return Optional.of(Path.of(named));
    }
    return Optional.of(Path.of("/usr/bin/dvdcli")).filter(Files::isExecutable);
  }

  /** The real program, or else a script that does as it does. */
  static Dvdcli in(Path folder) throws Exception {
    return installed().isPresent() ? new RealDvdcli(installed().get()) : new ScriptedDvdcli(folder);
  }

  Path program();

  /** Volumes that the plugin has. */
  void has(String volume) throws Exception;

  /** What the plugin says to Mount instead of a mountpoint. */
  void mountFails(String error) throws Exception;

  /** The mountpoint that Mount gives. */
  void mountsAt(String mountpoint) throws Exception;

  void getFails() throws Exception;

  void listFails() throws Exception;

  void unmountFails(String error) throws Exception;

  void mountHangs() throws Exception;

  /** What hangs ends without an answer of the plugin's. */
  void hangingEnds() throws Exception;

  /** The plugin is not there at all. */
  void pluginIsMissing() throws Exception;

  /** The plugin was killed, and its socket is left. */
  void pluginIsDead() throws Exception;

  /** The plugin is there, and is none for volumes. */
  void pluginIsNoVolumeDriver() throws Exception;

  /** The plugin is described by a .json file. */
  void pluginHasJsonSpec() throws Exception;

  /** What reached the plugin of Create, Mount and Unmount. */
  List<String> changes() throws Exception;

  void close() throws Exception;
}
