// SPDX-License-Identifier: Apache-2.0
package io.dvdi.driver.dvdcli;

import java.nio.file.Path;
import java.util.List;

/** A dvdcli to test with, and the plugin "stand-in" behind it. */
interface Dvdcli {
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

  /** What reached the plugin of Create, Mount and Unmount. */
  List<String> changes() throws Exception;

  void close() throws Exception;
}
