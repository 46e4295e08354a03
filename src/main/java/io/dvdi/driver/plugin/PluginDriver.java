// SPDX-License-Identifier: Apache-2.0
package io.dvdi.driver.plugin;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.dvdi.driver.Deadline;
import io.dvdi.driver.DriverException;
import io.dvdi.driver.DriverWords;
import io.dvdi.driver.Mountpoint;
import io.dvdi.driver.VolumeDriver;
import io.dvdi.log.Log;
import io.dvdi.volume.Options;
import io.dvdi.volume.VolumeId;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.ScheduledExecutorService;

/**
 * Volumes of Docker volume plugins, each found by its name. One Mount and one Unmount a volume,
 * both with the mount ID of the record, satisfy plugins that count, plugins that keep IDs, and
 * plugins that do neither.
 */
public final class PluginDriver implements VolumeDriver {
  private static final Duration FIRST_PAUSE = Duration.ofMillis(50);
  private static final Duration LONGEST_PAUSE = Duration.ofSeconds(1);

  private final PluginDiscovery discovery;
  private final Exchange exchange;
  private final Duration patience;
  private final Log log;

  /**
   * @param patience how long a plugin is waited for that is not there or refuses connections: it
   *     may be restarting
   * @param timer for deadlines
   */
  public PluginDriver(
      PluginDiscovery discovery, Duration patience, ScheduledExecutorService timer, Log log) {
    this.discovery = discovery;
    this.exchange = new Exchange(timer);
    this.patience = patience;
    this.log = log;
  }

  @Override
  public Optional<Path> mountpoint(VolumeId id) {
    return Optional.empty();
  }

  @Override
  public Optional<Path> reported(VolumeId id, Deadline deadline) throws DriverException {
    try {
      Reply reply = call(id, "VolumeDriver.Get", named(id), deadline);
      return Json.field(reply.content(), "Volume")
          .flatMap(volume -> Json.text(volume, "Mountpoint"))
          .flatMap(PluginDriver::absolute)
          .map(reply.plugin()::onHost);
    } catch (NoAnswerException e) {
      throw DriverException.uncertain(e.getMessage(), e);
    }
  }

  @Override
  public Mountpoint mount(Mount mount) throws DriverException {
    activate(mount.id(), mount.deadline());
    Presence presence = presence(mount);
    if (presence instanceof Presence.Absent) {
      create(mount);
    }
    Reply reply;
    try {
      reply =
          call(
              mount.id(),
              "VolumeDriver.Mount",
              named(mount.id()).put("ID", mount.mountId()),
              mount.deadline());
    } catch (NoAnswerException e) {
      throw DriverException.uncertain(e.getMessage(), e);
    }
    Optional<String> path =
        Json.text(reply.content(), "Mountpoint").filter(text -> !text.isEmpty());
    if (reply.failure().isPresent() && reply.content().isObject() && path.isEmpty()) {
      throw DriverException.failed(said(reply, "Mount", mount.options()) + remark(mount, presence));
    }
    Optional<Path> mountpoint = path.flatMap(PluginDriver::absolute);
    if (reply.failure().isPresent() || mountpoint.isEmpty()) {
      throw undone(mount, reply, path);
    }
    return new Mountpoint(reply.plugin().onHost(mountpoint.get()), false, false);
  }

  @Override
  public void unmount(Unmount unmount) throws DriverException {
    activate(unmount.id(), unmount.deadline());
    Reply reply;
    try {
      reply = callUnmount(unmount.id(), unmount.mountId(), unmount.deadline());
    } catch (NoAnswerException e) {
      throw DriverException.uncertain(e.getMessage(), e);
    }
    if (reply.failure().isPresent()) {
      throw DriverException.failed(said(reply, "Unmount", Options.NONE));
    }
  }

  /** Also shows that the plugin answers at all, before anything is asked that has an effect. */
  private void activate(VolumeId id, Deadline deadline) throws DriverException {
    Reply reply;
    try {
      reply = call(id, "Plugin.Activate", Json.MAPPER.createObjectNode(), deadline);
    } catch (NoAnswerException e) {
      throw DriverException.failed(e.getMessage(), e);
    }
    if (reply.failure().isPresent()) {
      throw DriverException.failed(said(reply, "Activate", Options.NONE));
    }
    JsonNode implemented =
        Json.field(reply.content(), "Implements").orElseGet(Json.MAPPER::createArrayNode);
    for (JsonNode subsystem : implemented) {
      if (subsystem.asText().equals("VolumeDriver")) {
        return;
      }
    }
    throw DriverException.failed(
        "%s is no volume driver, it implements %s; name another driver"
            .formatted(reply.plugin(), DriverWords.start(implemented.toString(), Options.NONE)));
  }

  /**
   * Whether a plugin has a volume. "Not found" cannot be told from other failures, so an error says
   * nothing.
   */
  private sealed interface Presence {
    record Present() implements Presence {}

    record Absent() implements Presence {}

    /** Then it is not created either: with some plugins, Create formats a volume that is there. */
    record Unknown(String why) implements Presence {}
  }

  private Presence presence(Mount mount) throws DriverException {
    try {
      Reply got = call(mount.id(), "VolumeDriver.Get", named(mount.id()), mount.deadline());
      if (got.failure().isEmpty() && Json.field(got.content(), "Volume").isPresent()) {
        return new Presence.Present();
      }
    } catch (NoAnswerException e) {
      stopAt(mount.deadline(), e);
    }
    Presence presence = listed(mount);
    if (presence instanceof Presence.Absent && mount.mustExist()) {
      throw DriverException.failed(
          "it does not exist, and the task asks for one that does (DVDI_VOLUME_EXPLICITCREATE)");
    }
    return presence;
  }

  private Presence listed(Mount mount) throws DriverException {
    Reply list;
    try {
      list =
          call(mount.id(), "VolumeDriver.List", Json.MAPPER.createObjectNode(), mount.deadline());
    } catch (NoAnswerException e) {
      stopAt(mount.deadline(), e);
      return new Presence.Unknown(e.getMessage());
    }
    if (list.failure().isPresent()) {
      return new Presence.Unknown(said(list, "List", mount.options()));
    }
    // An empty list may be null, or not there at all.
    JsonNode volumes =
        Json.field(list.content(), "Volumes").orElseGet(Json.MAPPER::createArrayNode);
    if (!volumes.isArray()) {
      return new Presence.Unknown(list.plugin() + " answered List with Volumes that are no list");
    }
    for (JsonNode volume : volumes) {
      Optional<String> name = Json.text(volume, "Name");
      if (name.isEmpty()) {
        return new Presence.Unknown(list.plugin() + " answered List with a volume without a name");
      }
      if (name.get().equals(mount.id().name())) {
        return new Presence.Present();
      }
    }
    return new Presence.Absent();
  }

  private void create(Mount mount) throws DriverException {
    ObjectNode body = named(mount.id());
    ObjectNode options = body.putObject("Opts");
    mount.options().values().forEach(options::put);
    Reply reply;
    try {
      reply = call(mount.id(), "VolumeDriver.Create", body, mount.deadline());
    } catch (NoAnswerException e) {
      throw DriverException.uncertain(e.getMessage(), e);
    }
    if (reply.failure().isPresent()) {
      throw DriverException.failed(said(reply, "Create", mount.options()));
    }
    log.info("%s did not exist; %s has created it".formatted(mount.id(), reply.plugin()));
  }

  /**
   * Takes back a Mount that was answered without a usable mountpoint: the plugin may count us as a
   * user, and nobody would know what to unmount later.
   */
  private DriverException undone(Mount mount, Reply reply, Optional<String> path) {
    String problem =
        reply.failure().isPresent()
            ? said(reply, "Mount", mount.options())
            : "%s answered Mount with %s, where an absolute path belongs"
                .formatted(
                    reply.plugin(),
                    path.map(
                            text ->
                                "the mountpoint '" + DriverWords.start(text, mount.options()) + "'")
                        .orElse("no mountpoint"));
    try {
      Reply undo = callUnmount(mount.id(), mount.mountId(), mount.deadline());
      return DriverException.failed(
          problem
              + (undo.failure().isPresent()
                  ? "; then " + said(undo, "Unmount", mount.options())
                  : "; it was told to unmount it again")
              + "; see the plugin's own log");
    } catch (NoAnswerException | DriverException e) {
      return DriverException.uncertain(problem + "; and " + e.getMessage(), e);
    }
  }

  private Reply callUnmount(VolumeId id, String mountId, Deadline deadline)
      throws DriverException, NoAnswerException {
    return call(id, "VolumeDriver.Unmount", named(id).put("ID", mountId), deadline);
  }

  /** Calls a plugin. Only what was never sent is tried again, with the plugin looked for anew. */
  private Reply call(VolumeId id, String method, ObjectNode body, Deadline deadline)
      throws DriverException, NoAnswerException {
    Deadline patient = Deadline.after(patience);
    Duration pause = FIRST_PAUSE;
    while (true) {
      DriverException failure;
      try {
        Optional<Plugin> plugin = discovery.find(id.driver());
        if (plugin.isPresent()) {
          return exchange.post(plugin.get(), method, bytes(body), deadline);
        }
        failure =
            DriverException.failed(
                "there is no plugin '%s' (looked for: %s); is it running?"
                    .formatted(id.driver(), discovery.places(id.driver())));
      } catch (NotReachedException e) {
        failure = DriverException.failed(e.getMessage() + "; is it running?", e);
      }
      if (patient.left().isZero() || deadline.left().isZero()) {
        throw failure;
      }
      pause(shorter(pause, deadline.left()));
      pause = shorter(pause.multipliedBy(2), LONGEST_PAUSE);
    }
  }

  private static void pause(Duration pause) throws DriverException {
    try {
      Thread.sleep(pause);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw DriverException.failed("the module is closing", e);
    }
  }

  private static Duration shorter(Duration a, Duration b) {
    return a.compareTo(b) < 0 ? a : b;
  }

  private static void stopAt(Deadline deadline, NoAnswerException e) throws DriverException {
    if (deadline.left().isZero()) {
      throw DriverException.failed(e.getMessage(), e);
    }
  }

  private static ObjectNode named(VolumeId id) {
    return Json.MAPPER.createObjectNode().put("Name", id.name());
  }

  private static byte[] bytes(ObjectNode body) {
    try {
      return Json.MAPPER.writeValueAsBytes(body);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("a tree of plain values cannot fail to be written", e);
    }
  }

  private static Optional<Path> absolute(String text) {
    try {
      Path path = Path.of(text);
      // A plugin has no reason for '..', and what is proved must be what is mounted.
      return Optional.of(path).filter(Path::isAbsolute).filter(p -> p.equals(p.normalize()));
    } catch (InvalidPathException e) {
      return Optional.empty();
    }
  }

  private static String said(Reply reply, String method, Options options) {
    return "%s answered %s with: %s"
        .formatted(reply.plugin(), method, DriverWords.start(reply.failure().orElse(""), options));
  }

  private static String remark(Mount mount, Presence presence) {
    return presence instanceof Presence.Unknown unknown && !mount.mustExist()
        ? "; if it does not exist, create it by hand: that was not done because it is not known (%s)"
            .formatted(unknown.why())
        : "";
  }
}
