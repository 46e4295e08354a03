// SPDX-License-Identifier: Apache-2.0
package io.dvdi.driver.installed;

import io.dvdi.driver.Deadline;
import io.dvdi.driver.Drivers;
import io.dvdi.driver.VolumeDriver;
import io.dvdi.driver.dvdcli.DvdcliDriver;
import io.dvdi.driver.plugin.PluginDiscovery;
import io.dvdi.driver.plugin.PluginDriver;
import io.dvdi.driver.plugin.PluginNames;
import io.dvdi.volume.InvalidRequestException;
import io.dvdi.volume.Text;
import java.time.Duration;
import java.util.Set;
import java.util.function.Supplier;

/**
 * The drivers of this host: the built-in one, Docker volume plugins, and whatever dvdcli reaches.
 */
public final class InstalledDrivers implements Drivers {
  private static final String LOCAL = "local";
  private static final Duration PAUSE = Duration.ofMillis(100);

  private final VolumeDriver local;
  private final PluginDiscovery discovery;
  private final PluginDriver plugins;
  private final DvdcliDriver dvdcli;
  private final Service service;
  private final Set<String> allowed;
  private final Duration patience;
  private final PluginNames names;

  /**
   * @param allowed drivers that tasks may use; empty: all
   * @param patience how long a plugin is waited for that would be the only way to a driver: it may
   *     be restarting
   */
  public InstalledDrivers(
      VolumeDriver local,
      PluginDiscovery discovery,
      PluginDriver plugins,
      DvdcliDriver dvdcli,
      Service service,
      Set<String> allowed,
      Duration patience) {
    this.local = local;
    this.discovery = discovery;
    this.plugins = plugins;
    this.dvdcli = dvdcli;
    this.service = service;
    this.allowed = Set.copyOf(allowed);
    this.patience = patience;
    this.names = new PluginNames(discovery);
  }

  /** May wait for as long as its patience lasts. */
  @Override
  public VolumeDriver named(String name) {
    if (name.equals(LOCAL)) {
      return local;
    }
    return switch (service) {
      case AUTO -> automatic(name);
      case PLUGIN -> {
        if (awaitPlugin(name)) {
          yield plugins;
        }
        throw none(name, "start its plugin, or name another driver");
      }
      case DVDCLI -> {
        if (dvdcli.isInstalled()) {
          yield dvdcli;
        }
        throw none(name, "install dvdcli, or name another driver");
      }
    };
  }

  @Override
  public String nameOf(String written, Supplier<Set<String>> onRecord) {
    if (!allowed.isEmpty() && !allowed.contains(written)) {
      throw new InvalidRequestException(
          "the volume driver %s is not allowed on this agent; allowed are %s"
              .formatted(
                  Text.quote(written), String.join(", ", allowed.stream().sorted().toList())));
    }
    return written.equals(LOCAL) || service == Service.DVDCLI
        ? written
        : names.of(written, onRecord);
  }

  @Override
  public String kindOf(VolumeDriver driver) {
    if (driver == plugins) {
      return Service.PLUGIN.text();
    }
    return driver == dvdcli ? Service.DVDCLI.text() : LOCAL;
  }

  @Override
  public VolumeDriver ofKind(String kind) {
    if (kind.equals(LOCAL)) {
      return local;
    }
    return Service.of(kind)
                .filter(known -> known != Service.AUTO)
                .orElseThrow(
                    () ->
                        new InvalidRequestException(
                            "there is no kind of driver " + Text.quote(kind)))
            == Service.PLUGIN
        ? plugins
        : dvdcli;
  }

  private VolumeDriver automatic(String name) {
    if (discovery.has(name)) {
      return plugins;
    }
    if (dvdcli.isInstalled()) {
      return dvdcli;
    }
    if (awaitPlugin(name)) {
      return plugins;
    }
    throw none(name, "start its plugin, install dvdcli, or name another driver");
  }

  private boolean awaitPlugin(String name) {
    Deadline deadline = Deadline.after(patience);
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

  private InvalidRequestException none(String name, String remedy) {
    String plugin = service == Service.DVDCLI ? "" : "no plugin (" + discovery.places(name) + ")";
    String program = service == Service.PLUGIN ? "" : "no dvdcli at " + dvdcli.program();
    String between = plugin.isEmpty() || program.isEmpty() ? "" : ", and ";
    return new InvalidRequestException(
        "there is no volume driver %s on this agent: %s; %s"
            .formatted(Text.quote(name), plugin + between + program, remedy));
  }
}
