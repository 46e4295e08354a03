// SPDX-License-Identifier: Apache-2.0
package io.dvdi.driver.plugin;

import java.util.Optional;

/**
 * Looks for a volume in a plugin's answer to List. With ten thousand volumes that is megabytes, so
 * no name is kept.
 */
final class VolumeList implements AnswerReader.Volumes {
  /** Whether a volume is in it. */
  enum Has {
    YES,
    NO,
    NOT_A_LIST,
    NAMELESS_VOLUME
  }

  private final String volume;
  private Has has = Has.NO;

  VolumeList(String volume) {
    this.volume = volume;
  }

  /** What is known when the answer was read. An empty list may be null, or not there at all. */
  Has has() {
    return has;
  }

  @Override
  public void volume(Optional<String> name) {
    if (has == Has.NO) {
      has = name.map(one -> one.equals(volume) ? Has.YES : Has.NO).orElse(Has.NAMELESS_VOLUME);
    }
  }

  @Override
  public void notAList() {
    has = Has.NOT_A_LIST;
  }
}
