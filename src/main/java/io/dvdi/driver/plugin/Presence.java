// SPDX-License-Identifier: Apache-2.0
package io.dvdi.driver.plugin;

import com.fasterxml.jackson.databind.JsonNode;
import io.dvdi.driver.Deadline;
import io.dvdi.driver.DriverWords;
import io.dvdi.volume.Options;
import io.dvdi.volume.VolumeId;
import java.util.Optional;

/**
 * Whether a plugin has a volume. "Not found" cannot be told from other failures, so an error says
 * nothing.
 */
sealed interface Presence {
  /** Get has it, or a list. */
  record Present(Optional<Got> got) implements Presence {}

  /**
   * What Get answered.
   *
   * @param plugin that answered
   * @param volume the object of that name
   */
  record Got(Plugin plugin, JsonNode volume) {}

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
   * @throws NotReachedException if nothing was asked
   * @throws NoAnswerException if nothing was answered
   */
  static Presence of(Caller caller, VolumeId id, Options options, Deadline deadline)
      throws NotReachedException, NoAnswerException {
    Reply got;
    try {
      got =
          caller.call(
              id.driver(), "VolumeDriver.Get", Json.object().put("Name", id.name()), deadline);
    } catch (NoAnswerException e) {
      if (deadline.left().isZero()) {
        throw e;
      }
      return listed(caller, id, options, deadline, e.words(options));
    }
    Optional<JsonNode> volume =
        got.failure().isPresent() ? Optional.empty() : Json.field(got.content(), "Volume");
    if (volume.isPresent()) {
      return new Present(Optional.of(new Got(got.plugin(), volume.get())));
    }
    String words = DriverWords.start(got.failure().orElse("no such volume"), options);
    try {
      return listed(caller, id, options, deadline, words);
    } catch (NotReachedException e) {
      return new Unknown(e.getMessage());
    } catch (NoAnswerException e) {
      return new Unknown(e.words(options));
    }
  }

  private static Presence listed(
      Caller caller, VolumeId id, Options options, Deadline deadline, String words)
      throws NotReachedException, NoAnswerException {
    VolumeList volumes = new VolumeList(id.name());
    Reply list = caller.list(id.driver(), volumes, deadline);
    if (list.failure().isPresent()) {
      return new Unknown(Caller.said(list, "List", options));
    }
    return switch (volumes.has()) {
      case YES -> new Present(Optional.empty());
      case NO -> new Absent(words);
      case NOT_A_LIST ->
          new Unknown(list.plugin() + " answered List with a field Volumes that is not a list");
      case NAMELESS_VOLUME ->
          new Unknown(list.plugin() + " answered List with a volume without a name");
    };
  }
}
