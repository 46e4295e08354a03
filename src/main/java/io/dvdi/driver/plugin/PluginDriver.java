// SPDX-License-Identifier: Apache-2.0
package io.dvdi.driver.plugin;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.dvdi.driver.Deadline;
import io.dvdi.driver.DriverException;
import io.dvdi.driver.DriverWords;
import io.dvdi.driver.Mountpoint;
import io.dvdi.driver.VolumeDriver;
import io.dvdi.log.Log;
import io.dvdi.volume.VolumeId;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;

/**
 * Volumes of Docker volume plugins, each found by its name. One Mount and one Unmount a volume,
 * both with the mount ID of the record, satisfy plugins that count, plugins that keep IDs, and
 * plugins that do neither.
 */
public final class PluginDriver implements VolumeDriver {
  private final Caller caller;
  private final Log log;

  /**
   * @param patience how long a plugin is waited for that is not there or refuses connections: it
   *     may be restarting
   */
  public PluginDriver(PluginDiscovery discovery, Duration patience, Log log) {
    this.caller = new Caller(discovery, patience, why -> {});
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
    caller.activateOnce(mount.id().driver(), mount.deadline());
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
      throw DriverException.failed(
          Caller.said(reply, "Mount", mount.options()) + remark(mount, presence));
    }
    Optional<Path> mountpoint = path.flatMap(PluginDriver::absolute);
    if (reply.failure().isPresent() || mountpoint.isEmpty()) {
      throw undone(mount, reply, path);
    }
    return new Mountpoint(reply.plugin().onHost(mountpoint.get()), false, false);
  }

  @Override
  public void unmount(Unmount unmount) throws DriverException {
    // Each time: an Unmount that a plugin answers to nobody, after it hung, is told again.
    caller.activate(unmount.id().driver(), unmount.deadline());
    Reply reply;
    try {
      reply = callUnmount(unmount.id(), unmount.mountId(), unmount.deadline());
      if (reply.failure().isPresent() && unmount.mountId().isEmpty()) {
        // A predecessor has mounted it by dvdcli, and that may have been ours, which sends an ID.
        Reply again = callUnmount(unmount.id(), CommandLineId.of(unmount.id()), unmount.deadline());
        reply = again.failure().isPresent() ? reply : again;
      }
    } catch (NoAnswerException e) {
      throw DriverException.uncertain(e.getMessage(), e);
    }
    if (reply.failure().isPresent()) {
      throw DriverException.failed(Caller.said(reply, "Unmount", unmount.options()));
    }
  }

  private Presence presence(Mount mount) throws DriverException {
    Presence presence = Presence.of(caller, mount.id(), mount.options(), mount.deadline());
    if (presence instanceof Presence.Absent && mount.mustExist()) {
      throw DriverException.failed(
          "it does not exist, and the task asks for one that does (DVDI_VOLUME_EXPLICITCREATE)");
    }
    return presence;
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
      throw DriverException.failed(Caller.said(reply, "Create", mount.options()));
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
            ? Caller.said(reply, "Mount", mount.options())
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
                  ? "; then " + Caller.said(undo, "Unmount", mount.options())
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

  private Reply call(VolumeId id, String method, ObjectNode body, Deadline deadline)
      throws DriverException, NoAnswerException {
    return caller.call(id.driver(), method, body, deadline);
  }

  private static ObjectNode named(VolumeId id) {
    return Json.MAPPER.createObjectNode().put("Name", id.name());
  }

  /** A path as a plugin may give one. */
  static Optional<Path> absolute(String text) {
    try {
      Path path = Path.of(text);
      // A plugin has no reason for '..', and what is proved must be what is mounted.
      return Optional.of(path).filter(Path::isAbsolute).filter(p -> p.equals(p.normalize()));
    } catch (InvalidPathException e) {
      return Optional.empty();
    }
  }

  private static String remark(Mount mount, Presence presence) {
    return presence instanceof Presence.Unknown unknown && !mount.mustExist()
        ? "; if it does not exist, create it by hand: that was not done because it is not known (%s)"
            .formatted(unknown.why())
        : "";
  }
}
