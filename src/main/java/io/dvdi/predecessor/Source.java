// SPDX-License-Identifier: Apache-2.0
package io.dvdi.predecessor;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.function.BiConsumer;

/** Where a predecessor kept what it had mounted. */
public sealed interface Source permits DvdimountsFile, DockerVolumeFolder {
  /**
   * What was read.
   *
   * @param digest another one when anything has changed
   */
  record Checkpoint(String digest, List<HeldVolume> volumes) {}

  /** The file or folder. */
  Path path();

  /** Whether names that differ in upper and lower case only were one volume to the predecessor. */
  boolean anyCase();

  /**
   * Reads it; changes nothing.
   *
   * @param unreadable told of each file that is not what it should be, and of what is wrong with it
   * @throws java.nio.file.NoSuchFileException if there is none
   */
  Checkpoint read(BiConsumer<Path, String> unreadable) throws IOException;
}
