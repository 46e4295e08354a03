// SPDX-License-Identifier: Apache-2.0
package io.dvdi.driver.plugin;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.dvdi.driver.Deadline;
import io.dvdi.driver.DriverException;
import io.dvdi.driver.DriverWords;
import io.dvdi.volume.Options;
import io.dvdi.volume.VolumeId;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * What a person has volume plugins do, one command at a time. Nothing is kept in mind from one to
 * the next. What goes wrong is said as Docker says it: the plugin's words after the method's name.
 */
public final class PluginVolumes {
  private final PluginDiscovery discovery;
  private final Caller caller;

  /**
   * @param patience how long a plugin is waited for that is not there or refuses connections
   * @param waiting told why, when such a wait begins
   */
  public PluginVolumes(PluginDiscovery discovery, Duration patience, Consumer<String> waiting) {
    this.discovery = discovery;
    this.caller = new Caller(discovery, patience, waiting);
  }

  /**
   * Looks whether there is such a plugin, and whether it serves volumes.
   *
   * @throws DriverException if not
   */
  public void activate(String driver, Deadline deadline) throws DriverException {
    try {
      caller.activate(driver, deadline);
    } catch (NotReachedException e) {
      if (discovery.has(driver)) {
        throw DriverException.failed(e.getMessage(), e);
      }
      throw DriverException.failed(
          "plugin not found (looked for: %s)".formatted(discovery.places(driver)), e);
    }
  }

  /**
   * Creates a volume that does not exist. One that does, or may, is left alone: some plugins format
   * a volume that is created again.
   */
  public void create(VolumeId id, Options options, Deadline deadline) throws DriverException {
    switch (presence(id, options, deadline)) {
      case Presence.Absent absent -> createAbsent(id, options, deadline);
      case Presence.Present present ->
          throw DriverException.failed("VolumeDriver.Create: volume already exists");
      case Presence.Unknown unknown ->
          throw DriverException.failed(
              "the volume is not created, because it is unknown whether it exists: "
                  + unknown.why());
    }
  }

  private void createAbsent(VolumeId id, Options options, Deadline deadline)
      throws DriverException {
    ObjectNode body = named(id);
    ObjectNode opts = body.putObject("Opts");
    options.values().forEach(opts::put);
    Reply unused = call(id.driver(), "VolumeDriver.Create", body, options, deadline);
  }

  /** Removes a volume, and its data if its plugin keeps it. */
  public void remove(VolumeId id, Deadline deadline) throws DriverException {
    requirePresence(id, Options.NONE, deadline);
    Reply unused = call(id.driver(), "VolumeDriver.Remove", named(id), Options.NONE, deadline);
  }

  /**
   * Mounts a volume, and creates it if it does not exist.
   *
   * <p>A mount without a usable mountpoint is not undone: with a mount ID that was used before,
   * that could take away what an earlier command has mounted.
   *
   * @param mustExist do not create it
   * @param mountId absent: the same for every mount of the volume that gives none
   * @return the mountpoint that the plugin gave
   */
  public Path mount(
      VolumeId id, Options options, boolean mustExist, Optional<String> mountId, Deadline deadline)
      throws DriverException {
    Presence presence =
        mustExist ? requirePresence(id, options, deadline) : presence(id, options, deadline);
    if (presence instanceof Presence.Absent) {
      createAbsent(id, options, deadline);
    }
    Reply reply;
    try {
      reply =
          call(
              id.driver(),
              "VolumeDriver.Mount",
              named(id).put("ID", mountId.orElseGet(() -> CommandLineId.of(id))),
              options,
              deadline);
    } catch (DriverException e) {
      if (presence instanceof Presence.Unknown unknown && !e.isUncertain()) {
        throw DriverException.failed(
            "%s; if the volume does not exist, create it with the plugin's own tools; this command did not create it, because it is unknown whether it exists (%s)"
                .formatted(e.getMessage(), unknown.why()),
            e);
      }
      throw e;
    }
    JsonNode content = reply.content();
    return PluginDriver.mountpoint(reply.plugin(), content)
        .orElseThrow(
            () ->
                DriverException.failed(
                    "VolumeDriver.Mount: the plugin returned '%s' instead of the absolute path of a mountpoint; check its log, and whether the volume is already mounted"
                        .formatted(
                            DriverWords.start(
                                Json.text(content, "Mountpoint").orElse(""), options))));
  }

  /**
   * Unmounts a volume.
   *
   * @param mountId of its mount; absent: none was given
   */
  public void unmount(VolumeId id, Optional<String> mountId, Deadline deadline)
      throws DriverException {
    requirePresence(id, Options.NONE, deadline);
    try {
      unmountOnce(id, mountId.orElseGet(() -> CommandLineId.of(id)), deadline);
    } catch (DriverException e) {
      if (mountId.isPresent() || e.isUncertain()) {
        throw e;
      }
      try {
        // As the real dvdcli has mounted it, perhaps before this one took its place.
        unmountOnce(id, "", deadline);
      } catch (DriverException again) {
        e.addSuppressed(again);
        throw e;
      }
    }
  }

  private void unmountOnce(VolumeId id, String mountId, Deadline deadline) throws DriverException {
    Reply unused =
        call(
            id.driver(),
            "VolumeDriver.Unmount",
            named(id).put("ID", mountId),
            Options.NONE,
            deadline);
  }

  /** Where a volume is mounted, by its plugin's account; absent when the plugin does not say. */
  public Optional<Path> path(VolumeId id, Deadline deadline) throws DriverException {
    Reply got = got(id, deadline);
    Optional<Path> path =
        Json.field(got.content(), "Volume")
            .flatMap(volume -> PluginDriver.mountpoint(got.plugin(), volume));
    if (path.isPresent()) {
      return path;
    }
    try {
      Reply reply = call(id.driver(), "VolumeDriver.Path", named(id), Options.NONE, deadline);
      return PluginDriver.mountpoint(reply.plugin(), reply.content());
    } catch (DriverException e) {
      if (deadline.left().isZero()) {
        throw e;
      }
      // That is how some plugins say that it is not mounted.
      return Optional.empty();
    }
  }

  /** The name of a volume, as its plugin spells it. */
  public String get(VolumeId id, Deadline deadline) throws DriverException {
    return Json.field(got(id, deadline).content(), "Volume")
        .flatMap(volume -> Json.text(volume, "Name"))
        .orElseGet(id::name);
  }

  /** The names of all volumes of a plugin. */
  public List<String> list(String driver, Deadline deadline) throws DriverException {
    List<String> names = new ArrayList<>();
    AnswerReader.Volumes volumes =
        new AnswerReader.Volumes() {
          @Override
          public void volume(Optional<String> name) {
            name.ifPresent(names::add);
          }

          @Override
          public void notAList() {
            // Shown as no volume, as dvdcli does.
          }
        };
    Reply unused =
        done("VolumeDriver.List", Options.NONE, () -> caller.list(driver, volumes, deadline));
    return names;
  }

  /** A plugin without Get may have it all the same. */
  private Presence requirePresence(VolumeId id, Options options, Deadline deadline)
      throws DriverException {
    Presence presence = presence(id, options, deadline);
    if (presence instanceof Presence.Absent absent) {
      throw DriverException.failed("VolumeDriver.Get: " + absent.words());
    }
    return presence;
  }

  private Presence presence(VolumeId id, Options options, Deadline deadline)
      throws DriverException {
    try {
      return Presence.of(caller, id, options, deadline);
    } catch (NotReachedException e) {
      throw DriverException.failed(e.getMessage(), e);
    } catch (NoAnswerException e) {
      // Nothing was asked that has an effect.
      throw DriverException.failed(e.words(options), e);
    }
  }

  private Reply got(VolumeId id, Deadline deadline) throws DriverException {
    Reply reply = call(id.driver(), "VolumeDriver.Get", named(id), Options.NONE, deadline);
    if (Json.field(reply.content(), "Volume").isEmpty()) {
      throw DriverException.failed("VolumeDriver.Get: no such volume");
    }
    return reply;
  }

  private Reply call(
      String driver, String method, ObjectNode body, Options options, Deadline deadline)
      throws DriverException {
    return done(method, options, () -> caller.call(driver, method, body, deadline));
  }

  /** A call to a plugin. */
  @FunctionalInterface
  private interface Call {
    Reply answer() throws NotReachedException, NoAnswerException;
  }

  private static Reply done(String method, Options options, Call call) throws DriverException {
    Reply reply;
    try {
      reply = call.answer();
    } catch (NotReachedException e) {
      throw DriverException.failed(e.getMessage(), e);
    } catch (NoAnswerException e) {
      throw DriverException.uncertain(e.words(options), e);
    }
    if (reply.failure().isPresent()) {
      throw DriverException.failed(
          method + ": " + DriverWords.start(reply.failure().get(), options));
    }
    return reply;
  }

  private static ObjectNode named(VolumeId id) {
    return Json.object().put("Name", id.name());
  }
}
