// SPDX-License-Identifier: Apache-2.0
package io.dvdi.driver.plugin;

import io.dvdi.driver.Deadline;
import io.dvdi.driver.DriverException;
import io.dvdi.driver.DriverWords;
import io.dvdi.volume.Options;
import io.dvdi.volume.VolumeId;

/**
 * Whether a plugin has a volume. "Not found" cannot be told from other failures, so an error says
 * nothing.
 */
sealed interface Presence {
  record Present() implements Presence {}

  /**
   * A whole list does not have it.
   *
   * @param words what Get said
   */
  record Absent(String words) implements Presence {}

  /** Then it is not created either: with some plugins, Create formats a volume that is there. */
  record Unknown(String why) implements Presence {}

  /**
   * Asks the plugin.
   *
   * @param options whose values no message shows
   * @throws DriverException if the plugin is not reached, or the deadline has passed
   */
  static Presence of(Caller caller, VolumeId id, Options options, Deadline deadline)
      throws DriverException {
    String words;
    try {
      Reply got =
          caller.call(
              id.driver(),
              "VolumeDriver.Get",
              Json.MAPPER.createObjectNode().put("Name", id.name()),
              deadline);
      if (got.failure().isEmpty() && Json.field(got.content(), "Volume").isPresent()) {
        return new Present();
      }
      words = DriverWords.start(got.failure().orElse("no such volume"), options);
    } catch (NoAnswerException e) {
      stopAt(deadline, e);
      words = e.getMessage();
    }
    return listed(caller, id, options, deadline, words);
  }

  private static Presence listed(
      Caller caller, VolumeId id, Options options, Deadline deadline, String words)
      throws DriverException {
    try {
      return VolumeList.ask(
          caller, id.driver(), deadline, list -> judged(list, id, options, words));
    } catch (NoAnswerException e) {
      stopAt(deadline, e);
      return new Unknown(e.getMessage());
    }
  }

  private static Presence judged(Reply list, VolumeId id, Options options, String words) {
    if (list.failure().isPresent()) {
      return new Unknown(Caller.said(list, "List", options));
    }
    return switch (VolumeList.find(list, id.name())) {
      case YES -> new Present();
      case NO -> new Absent(words);
      case NOT_A_LIST ->
          new Unknown(list.plugin() + " answered List with Volumes that are no list");
      case NAMELESS_VOLUME ->
          new Unknown(list.plugin() + " answered List with a volume without a name");
    };
  }

  private static void stopAt(Deadline deadline, NoAnswerException e) throws DriverException {
    if (deadline.left().isZero()) {
      throw DriverException.failed(e.getMessage(), e);
    }
  }
}
