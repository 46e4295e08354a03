// SPDX-License-Identifier: Apache-2.0
package io.dvdi.driver.plugin;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.dvdi.driver.Deadline;
import io.dvdi.driver.DriverWords;
import io.dvdi.volume.Options;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;

/** Calls plugins by their names, and waits a while for one that is not there. */
final class Caller {
  private static final Duration FIRST_PAUSE = Duration.ofMillis(50);
  private static final Duration LONGEST_PAUSE = Duration.ofSeconds(1);

  /** What a plugin that is there gets to accept a connection, and to answer Activate. */
  private static final Duration LEAST = Duration.ofSeconds(5);

  private final PluginDiscovery discovery;
  private final Exchange exchange;
  private final Duration patience;
  private final Consumer<String> waiting;

  /** Plugins that have said that they serve volumes, and have answered ever since. */
  private final Set<Plugin> activated = ConcurrentHashMap.newKeySet();

  /**
   * @param patience how long a plugin is waited for that is not there or refuses connections: it
   *     may be restarting
   * @param waiting told why, when such a wait begins
   */
  Caller(PluginDiscovery discovery, Duration patience, Consumer<String> waiting) {
    this.discovery = discovery;
    this.exchange = new Exchange();
    this.patience = patience;
    this.waiting = waiting;
  }

  /**
   * Calls a plugin. Only what was never sent is tried again, with the plugin looked for anew.
   *
   * @param method such as VolumeDriver.Mount
   * @param deadline of the answer; however late that is, a plugin that cannot be reached is not
   *     waited for longer than {@link #reachable}
   * @throws NotReachedException if nothing was sent
   * @throws NoAnswerException if something was, and whether it took effect is not known
   */
  Reply call(String driver, String method, ObjectNode body, Deadline deadline)
      throws NotReachedException, NoAnswerException {
    return call(driver, method, body, AnswerReader.Volumes.UNUSED, deadline);
  }

  /**
   * Calls VolumeDriver.List, as {@link #call}.
   *
   * @param volumes is told each volume while the answer is read, which may turn out to be a failure
   */
  Reply list(String driver, AnswerReader.Volumes volumes, Deadline deadline)
      throws NotReachedException, NoAnswerException {
    return call(driver, "VolumeDriver.List", Json.object(), volumes, deadline);
  }

  private Reply call(
      String driver,
      String method,
      ObjectNode body,
      AnswerReader.Volumes volumes,
      Deadline deadline)
      throws NotReachedException, NoAnswerException {
    Deadline patient = Deadline.after(patience);
    Deadline reached = reachable().orEarlier(deadline);
    Duration pause = FIRST_PAUSE;
    while (true) {
      NotReachedException failure;
      Optional<Plugin> plugin = discovery.find(driver);
      if (plugin.isPresent()) {
        try {
          Exchange.Request request = new Exchange.Request(method, body, volumes);
          return post(plugin.get(), request, reached, deadline);
        } catch (NotReachedException e) {
          failure = e;
        }
      } else {
        failure =
            new NotReachedException(
                "there is no plugin '%s' (looked for: %s); is it running?"
                    .formatted(driver, discovery.places(driver)));
      }
      if (patient.left().isZero() || deadline.left().isZero()) {
        throw failure;
      }
      if (pause.equals(FIRST_PAUSE)) {
        waiting.accept(failure.getMessage());
      }
      pause(shorter(pause, deadline.left()));
      pause = shorter(pause.multipliedBy(2), LONGEST_PAUSE);
    }
  }

  /** The moment by which a plugin that is there has been reached and has answered Activate. */
  Deadline reachable() {
    return Deadline.after(patience.plus(LEAST));
  }

  private Reply post(Plugin plugin, Exchange.Request request, Deadline reached, Deadline deadline)
      throws NotReachedException, NoAnswerException {
    try {
      return exchange.post(plugin, request, reached, deadline);
    } catch (NotReachedException | NoAnswerException e) {
      activated.remove(plugin); // when it comes back it may be another
      throw e;
    }
  }

  /**
   * Asks a plugin whether it serves volumes. Also shows that it answers at all, before anything is
   * asked that has an effect.
   *
   * @throws NotReachedException if it does not, whatever it answers
   */
  void activate(String driver, Deadline deadline) throws NotReachedException {
    Reply reply;
    try {
      reply = call(driver, "Plugin.Activate", Json.object(), deadline);
    } catch (NoAnswerException e) {
      throw new NotReachedException(e.getMessage(), e);
    }
    if (reply.failure().isPresent()) {
      throw new NotReachedException(said(reply, "Activate", Options.NONE));
    }
    JsonNode implemented =
        Json.field(reply.content(), "Implements").orElseGet(JsonNodeFactory.instance::arrayNode);
    for (JsonNode subsystem : implemented) {
      if (subsystem.asText().equals("VolumeDriver")) {
        remember(reply.plugin());
        return;
      }
    }
    throw new NotReachedException(
        "%s is not a volume driver, it implements %s; name another driver"
            .formatted(reply.plugin(), DriverWords.start(implemented.toString(), Options.NONE)));
  }

  /** The same, as Docker does it: once, and again after the plugin was away. */
  void activateOnce(String driver, Deadline deadline) throws NotReachedException {
    if (discovery.find(driver).filter(activated::contains).isEmpty()) {
      activate(driver, deadline);
    }
  }

  /** TLS settings are read anew each time, and equal no others. */
  private void remember(Plugin plugin) {
    if (!(plugin.address() instanceof PluginAddress.Tls)) {
      activated.add(plugin);
    }
  }

  /** A plugin's refusal, for an error message. */
  static String said(Reply reply, String method, Options options) {
    return "%s answered %s with: %s"
        .formatted(reply.plugin(), method, DriverWords.start(reply.failure().orElse(""), options));
  }

  private static void pause(Duration pause) throws NotReachedException {
    try {
      Thread.sleep(pause);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new NotReachedException("the module is closing", e);
    }
  }

  private static Duration shorter(Duration a, Duration b) {
    return a.compareTo(b) < 0 ? a : b;
  }
}
