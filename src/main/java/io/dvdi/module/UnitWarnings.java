// SPDX-License-Identifier: Apache-2.0
package io.dvdi.module;

import io.dvdi.linux.HostNamespace;
import io.dvdi.linux.PidsLimit;
import io.dvdi.log.Log;
import java.nio.file.Path;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Warns of settings of the agent's systemd unit, or of its container, because of which tasks fail
 * or volumes are lost later. They are no reason to refuse the start: the agent may not need what
 * they break. Of KillMode=, nothing can be seen from inside the unit.
 */
final class UnitWarnings {
  private static final String LOCAL = "local";

  /** As many Mounts of one driver may be under way. */
  private static final long ROOM = 256;

  private final Settings settings;
  private final Log log;

  private UnitWarnings(Settings settings, Log log) {
    this.settings = settings;
    this.log = log;
  }

  /** Writes them. The folders of the settings exist. */
  static void write(Settings settings, Log log) {
    UnitWarnings warnings = new UnitWarnings(settings, log);
    warnings.ofThreads(PidsLimit.tightest());
    warnings.ofRuntimeDirectory(System.getenv("RUNTIME_DIRECTORY"));
    Optional<HostNamespace> host = HostNamespace.ifOther();
    if (host.isPresent()) {
      warnings.ofNamespace(host.get());
    }
  }

  private void ofThreads(Optional<PidsLimit> tightest) {
    if (tightest.isPresent() && tightest.get().room() < ROOM) {
      PidsLimit limit = tightest.get();
      log.warning(
          "the agent's cgroup %s can have %d threads and processes (pids.max) and has %d, and each volume that is being mounted takes one or more, so tasks that start at the same time may fail; raise TasksMax of the agent's systemd unit, or pids.max of its container"
              .formatted(limit.cgroup(), limit.max(), limit.current()));
    }
  }

  /** The variable is set for RuntimeDirectory=, see systemd.exec(5). */
  private void ofRuntimeDirectory(@Nullable String folders) {
    if (folders == null) {
      return;
    }
    for (String folder : folders.split(":", -1)) {
      if (!folder.isEmpty() && settings.stateDir().startsWith(folder)) {
        log.warning(
            "systemd removes the folder %s (parameter %s), and with it the records of mounted volumes, when the agent ends, unless RuntimeDirectoryPreserve=yes is set; remove RuntimeDirectory= from the agent's systemd unit, since the module creates the folder"
                .formatted(settings.stateDir(), Parameter.STATE_DIR.key()));
      }
    }
  }

  private void ofNamespace(HostNamespace host) {
    Set<String> allowed = settings.drivers().allowed();
    ofFolder(
        host, Parameter.STATE_DIR, settings.stateDir(), "the records of mounted volumes are lost");
    if (!allowed.equals(Set.of(LOCAL))) {
      ofPlugins(host);
    }
    if (allowed.isEmpty() || allowed.contains(LOCAL)) {
      Path folder = settings.drivers().local().folder();
      ofFolder(host, Parameter.LOCAL_DIR, folder, "the volumes in it are lost");
      ofLocal(host, folder);
    }
  }

  private void ofFolder(HostNamespace host, Parameter parameter, Path folder, String loss) {
    if (!host.has(folder)) {
      log.warning(
          "the folder %s (parameter %s) is not the host's, so %s if it does not outlive the agent; name a folder that no setting such as PrivateTmp= of the agent's systemd unit replaces, or bind the host's folder into the agent's container"
              .formatted(folder, parameter.key(), loss));
    }
  }

  private void ofPlugins(HostNamespace host) {
    if (!host.sendsMounts()) {
      log.warning(
          "what is mounted on the host does not appear in the agent's mount namespace, so tasks"
              + " cannot have volumes of plugins that run on the host; remove MountFlags=private"
              + " from the agent's systemd unit, or bind the folders in which plugins mount into"
              + " the agent's container with the propagation rslave");
    }
  }

  private void ofLocal(HostNamespace host, Path folder) {
    if (!host.getsMountsBelow(folder)) {
      log.warning(
          "what the agent mounts in %s (parameter %s) does not appear on the host, so after a restart the agent can neither check the local volumes of running tasks nor give them to other tasks; remove settings such as PrivateTmp= and ProtectSystem= from the agent's systemd unit, or bind this folder into the agent's container with the propagation rshared"
              .formatted(folder, Parameter.LOCAL_DIR.key()));
    }
  }
}
