// SPDX-License-Identifier: Apache-2.0
package io.dvdi.driver.plugin;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.dvdi.driver.Deadline;
import io.dvdi.driver.DriverService;
import io.dvdi.driver.DriverWords;
import io.dvdi.lifecycle.Told;
import io.dvdi.lifecycle.Told.Existence;
import io.dvdi.lifecycle.VolumeEvent.CallEnd;
import io.dvdi.lifecycle.VolumeEvent.CutOff;
import io.dvdi.lifecycle.VolumeEvent.Failed;
import io.dvdi.lifecycle.VolumeEvent.NotSent;
import io.dvdi.lifecycle.VolumeEvent.Succeeded;
import io.dvdi.log.Log;
import io.dvdi.volume.InvalidRequestException;
import io.dvdi.volume.Options;
import io.dvdi.volume.Text;
import io.dvdi.volume.VolumeId;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * Volumes of Docker volume plugins, each found by its name. One Mount and one Unmount with the same
 * mount ID satisfy plugins that count, plugins that keep IDs, and plugins that do neither.
 */
public final class PluginDriver implements DriverService {
  private static final Duration PAUSE = Duration.ofMillis(100);

  private final PluginDiscovery discovery;
  private final PluginNames names;
  private final Caller caller;
  private final Log log;

  /** Names of drivers that have shown the mount IDs of a volume. */
  private final Set<String> keepAccounts = ConcurrentHashMap.newKeySet();

  /**
   * @param patience how long a plugin is waited for that is not there or refuses connections: it
   *     may be restarting
   */
  public PluginDriver(PluginDiscovery discovery, Duration patience, Log log) {
    this.discovery = discovery;
    this.names = new PluginNames(discovery);
    this.caller = new Caller(discovery, patience, why -> {});
    this.log = log;
  }

  @Override
  public String kind() {
    return "plugin";
  }

  @Override
  public boolean serves(String name, Deadline deadline) {
    while (!discovery.has(name)) {
      if (deadline.left().isZero()) {
        return false;
      }
      try {
        Thread.sleep(PAUSE);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        return false;
      }
    }
    return true;
  }

  @Override
  public String nameOf(String written, Supplier<Set<String>> onRecord) {
    return names.of(written, onRecord);
  }

  @Override
  public boolean isSame(String name, String other) {
    return names.areSame(name, other);
  }

  @Override
  public String missing(String name) {
    return "no plugin (" + discovery.places(name) + ")";
  }

  @Override
  public String remedy() {
    return "start its plugin";
  }

  /** A plugin that does not serve volumes has not answered, whatever it says. */
  @Override
  public Told ask(VolumeId volume, Options options, Deadline deadline) {
    try {
      caller.activateOnce(volume.driver(), deadline);
      return told(volume, Presence.of(caller, volume, options, deadline));
    } catch (NotReachedException e) {
      return unanswered(volume, e.getMessage());
    } catch (NoAnswerException e) {
      return unanswered(volume, e.words(options));
    }
  }

  private Told told(VolumeId volume, Presence presence) {
    return switch (presence) {
      case Presence.Present present -> {
        Optional<Set<String>> account = present.got().flatMap(got -> account(got.volume()));
        if (account.isPresent()) {
          keepAccounts.add(volume.driver());
        }
        yield new Told(
            Existence.EXISTS,
            present.got().flatMap(got -> id(volume, got)),
            present.got().flatMap(PluginDriver::path),
            keepsAccount(volume),
            account,
            "");
      }
      case Presence.Absent absent -> nothing(volume, Existence.ABSENT, "");
      case Presence.Unknown unknown -> nothing(volume, Existence.UNKNOWN, unknown.why());
    };
  }

  private Told unanswered(VolumeId volume, String words) {
    return nothing(volume, Existence.NO_ANSWER, words);
  }

  private Told nothing(VolumeId volume, Existence existence, String words) {
    return new Told(
        existence,
        Optional.empty(),
        Optional.empty(),
        keepsAccount(volume),
        Optional.empty(),
        words);
  }

  /** What the plugin calls the volume. Some find a name in any case, or by several names. */
  private static Optional<VolumeId> id(VolumeId asked, Presence.Got got) {
    try {
      return Json.text(got.volume(), "Name").map(name -> new VolumeId(asked.driver(), name));
    } catch (InvalidRequestException e) {
      return Optional.empty(); // no name that a volume may have
    }
  }

  private boolean keepsAccount(VolumeId volume) {
    return keepAccounts.contains(volume.driver());
  }

  private static Optional<String> path(Presence.Got got) {
    return mountpoint(got.plugin(), got.volume()).map(Path::toString);
  }

  /** The mount IDs that rclone shows in a volume's status; an empty list when it is not mounted. */
  private static Optional<Set<String>> account(JsonNode volume) {
    Optional<JsonNode> mounts =
        Json.field(volume, "Status").flatMap(status -> Json.field(status, "Mounts"));
    if (mounts.isEmpty() || !mounts.get().isArray()) {
      return Optional.empty();
    }
    Set<String> mountIds = new HashSet<>();
    for (JsonNode mountId : mounts.get()) {
      if (!mountId.isTextual()) {
        return Optional.empty();
      }
      mountIds.add(mountId.textValue());
    }
    return Optional.of(Set.copyOf(mountIds));
  }

  @Override
  public CallEnd create(VolumeId volume, Options options) {
    ObjectNode body = named(volume);
    ObjectNode opts = body.putObject("Opts");
    options.values().forEach(opts::put);
    return send(
        volume,
        "Create",
        body,
        options,
        reply -> {
          log.info("%s did not exist; %s has created it".formatted(volume, reply.plugin()));
          return new Succeeded();
        });
  }

  @Override
  public CallEnd mount(VolumeId volume, Options options, String mountId) {
    return send(
        volume,
        "Mount",
        named(volume).put("ID", mountId),
        options,
        reply -> mounted(volume, options, reply));
  }

  private Succeeded mounted(VolumeId volume, Options options, Reply reply) {
    JsonNode content = reply.content();
    Optional<Path> path = mountpoint(reply.plugin(), content);
    if (path.isEmpty()) {
      log.warning(
          "%s: %s answered Mount with the mountpoint '%s', which is not an absolute path, or has control characters; see the plugin's own log"
              .formatted(
                  volume,
                  reply.plugin(),
                  DriverWords.start(Json.text(content, "Mountpoint").orElse(""), options)));
    }
    return new Succeeded(path.map(Path::toString).orElse(""), false);
  }

  @Override
  public CallEnd unmount(VolumeId volume, String mountId, Optional<Path> path, Options options) {
    try {
      // Each time: a plugin that hangs is found out before it is told something that it may do
      // later.
      caller.activate(volume.driver(), caller.reachable());
    } catch (NotReachedException e) {
      return new NotSent(e.getMessage());
    }
    CallEnd end = unmount(volume, mountId, options);
    if (end instanceof Failed && mountId.isEmpty()) {
      // A predecessor has mounted it by dvdcli, and that may have been ours, which sends an ID.
      CallEnd again = unmount(volume, CommandLineId.of(volume), options);
      return again instanceof Failed ? end : again;
    }
    return end;
  }

  private CallEnd unmount(VolumeId volume, String mountId, Options options) {
    return send(
        volume, "Unmount", named(volume).put("ID", mountId), options, reply -> new Succeeded());
  }

  /** Sends a request once, and listens until its end. */
  private CallEnd send(
      VolumeId volume,
      String method,
      ObjectNode body,
      Options options,
      Function<Reply, Succeeded> success) {
    try {
      Reply reply = caller.call(volume.driver(), "VolumeDriver." + method, body, Deadline.never());
      if (!reply.isReadable()) {
        return new CutOff(Caller.said(reply, method, options));
      }
      return reply.failure().isPresent()
          ? new Failed(Caller.said(reply, method, options))
          : success.apply(reply);
    } catch (NotReachedException e) {
      return new NotSent(e.getMessage());
    } catch (NoAnswerException e) {
      return new CutOff(e.words(options));
    }
  }

  private static ObjectNode named(VolumeId volume) {
    return Json.object().put("Name", volume.name());
  }

  /** The mountpoint in an object that a plugin gave, as this host sees it. */
  static Optional<Path> mountpoint(Plugin plugin, JsonNode object) {
    return Json.text(object, "Mountpoint").flatMap(PluginDriver::absolute).map(plugin::onHost);
  }

  private static Optional<Path> absolute(String text) {
    if (Text.isBroken(text)) {
      return Optional.empty();
    }
    try {
      Path path = Path.of(text);
      // A plugin has no reason for '..', and what is proved must be what is mounted.
      return Optional.of(path).filter(Path::isAbsolute).filter(p -> p.equals(p.normalize()));
    } catch (InvalidPathException e) {
      return Optional.empty();
    }
  }
}
