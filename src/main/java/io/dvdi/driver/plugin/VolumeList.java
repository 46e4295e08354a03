// SPDX-License-Identifier: Apache-2.0
package io.dvdi.driver.plugin;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import io.dvdi.driver.Deadline;
import java.io.IOException;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;

/**
 * A plugin's answer to List. With ten thousand volumes that is megabytes, and the agent's JVM has a
 * small heap: so few are had at a time, and they are read name by name, without a tree.
 */
final class VolumeList {
  /** Whether a volume is in it. */
  enum Has {
    YES,
    NO,
    NOT_A_LIST,
    NAMELESS_VOLUME
  }

  static final int AT_A_TIME = 4;

  /**
   * By driver, in this process: one that does not answer holds up only those who would have to ask
   * it too.
   */
  private static final ConcurrentMap<String, Semaphore> TURNS = new ConcurrentHashMap<>();

  private VolumeList() {}

  /**
   * Asks for a list when it is this caller's turn.
   *
   * @param use of the answer, while it counts as being in memory
   * @throws NotReachedException if nothing was asked
   * @throws NoAnswerException if the plugin did not answer
   */
  static <T> T ask(Caller caller, String driver, Deadline deadline, Function<Reply, T> use)
      throws NotReachedException, NoAnswerException {
    Semaphore turns = TURNS.computeIfAbsent(driver, name -> new Semaphore(AT_A_TIME, true));
    try {
      if (!turns.tryAcquire(deadline.left().toNanos(), TimeUnit.NANOSECONDS)) {
        throw new NotReachedException(
            "the plugin '%s' is still busy with List for other volumes after %s; see why it is slow"
                .formatted(driver, deadline.words()));
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new NotReachedException("the module is closing", e);
    }
    try {
      return use.apply(
          caller.call(driver, "VolumeDriver.List", Json.MAPPER.createObjectNode(), deadline));
    } finally {
      turns.release();
    }
  }

  /**
   * Looks for a volume in an answer that is no failure, and reads no further when it is found. An
   * empty list may be null, or not there at all.
   */
  static Has find(Reply list, String volume) {
    try (JsonParser json = list.tokens()) {
      Has found = Has.NO;
      json.nextToken();
      while (found == Has.NO && json.nextToken() == JsonToken.FIELD_NAME) {
        boolean volumes = Json.is(json.currentName(), "Volumes");
        JsonToken value = json.nextToken();
        if (volumes && value == JsonToken.START_ARRAY) {
          found = inArray(json, volume);
        } else if (volumes && value != JsonToken.VALUE_NULL) {
          found = Has.NOT_A_LIST;
        } else {
          json.skipChildren();
        }
      }
      return found;
    } catch (IOException e) {
      return Has.NOT_A_LIST;
    }
  }

  private static Has inArray(JsonParser json, String volume) throws IOException {
    Has found = Has.NO;
    while (found == Has.NO && json.nextToken() != JsonToken.END_ARRAY) {
      found =
          json.currentToken() == JsonToken.START_OBJECT
              ? inObject(json, volume)
              : Has.NAMELESS_VOLUME;
    }
    return found;
  }

  private static Has inObject(JsonParser json, String volume) throws IOException {
    Has found = Has.NAMELESS_VOLUME;
    while (json.nextToken() == JsonToken.FIELD_NAME) {
      boolean name = Json.is(json.currentName(), "Name");
      JsonToken value = json.nextToken();
      if (name && value != JsonToken.VALUE_STRING) {
        return Has.NAMELESS_VOLUME;
      } else if (name && json.getText().equals(volume)) {
        return Has.YES;
      } else if (name) {
        found = Has.NO;
      } else {
        json.skipChildren();
      }
    }
    return found;
  }
}
