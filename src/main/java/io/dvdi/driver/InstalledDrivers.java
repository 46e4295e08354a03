// SPDX-License-Identifier: Apache-2.0
package io.dvdi.driver;

import io.dvdi.volume.InvalidRequestException;
import io.dvdi.volume.Options;
import io.dvdi.volume.Text;
import java.time.Duration;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The drivers of this host: those that are built in, and those that a service reaches. */
public final class InstalledDrivers implements Drivers {
  private final Map<String, VolumeDriver> builtIn;
  private final List<DriverService> services;
  private final Map<String, VolumeDriver> kinds;
  private final Choice choice;
  private final Duration patience;

  /**
   * What the operator chose.
   *
   * @param kinds of services that are used
   * @param allowed drivers that tasks may use; empty: all
   * @param plainDirectories drivers that may hand out directories of the host's own file systems
   * @param suid drivers in whose volumes set-user-ID bits and device files count
   * @param defaults default options by the name of a driver; of several names for one driver, the
   *     first counts
   */
  public record Choice(
      Set<String> kinds,
      Set<String> allowed,
      Set<String> plainDirectories,
      Set<String> suid,
      Map<String, Options> defaults) {
    /** Copies the sets. */
    public Choice {
      kinds = Set.copyOf(kinds);
      allowed = Set.copyOf(allowed);
      plainDirectories = Set.copyOf(plainDirectories);
      suid = Set.copyOf(suid);
      defaults = Collections.unmodifiableMap(new LinkedHashMap<>(defaults)); // keeps the order
    }
  }

  /**
   * @param builtIn by name, which is also their kind
   * @param services the first one that serves a name wins
   * @param choice what the operator chose
   * @param patience how long is waited for the only way to a driver, which may be restarting
   */
  public InstalledDrivers(
      Map<String, VolumeDriver> builtIn,
      List<DriverService> services,
      Choice choice,
      Duration patience) {
    this.builtIn = Map.copyOf(builtIn);
    this.services = List.copyOf(services);
    Map<String, VolumeDriver> byKind = new HashMap<>(builtIn);
    services.forEach(service -> byKind.putIfAbsent(service.kind(), service));
    this.kinds = Map.copyOf(byKind);
    this.choice = choice;
    this.patience = patience;
  }

  /** May wait for as long as its patience lasts. */
  @Override
  public VolumeDriver named(String name) {
    VolumeDriver own = builtIn.get(name);
    if (own != null) {
      return own;
    }
    return serving(name, Deadline.after(Duration.ZERO))
        .or(() -> serving(name, Deadline.after(patience)))
        .orElseThrow(() -> none(name));
  }

  @Override
  public String nameOf(String written, Supplier<Set<String>> onRecord) {
    Set<String> allowed = choice.allowed();
    if (!allowed.isEmpty() && !allowed.contains(written)) {
      throw new InvalidRequestException(
          "the volume driver %s is not allowed on this agent; allowed are %s"
              .formatted(
                  Text.quote(written), String.join(", ", allowed.stream().sorted().toList())));
    }
    return canonical(written, onRecord);
  }

  @Override
  public boolean handsOutDirectories(String name) {
    return isListed(choice.plainDirectories(), name);
  }

  @Override
  public boolean allowsSuid(String name) {
    return isListed(choice.suid(), name);
  }

  @Override
  public Options defaultOptions(String name) {
    return choice.defaults().entrySet().stream()
        .filter(entry -> isSame(name, entry.getKey()))
        .findFirst()
        .map(Map.Entry::getValue)
        .orElse(Options.NONE);
  }

  /** Whether one of these names is a name of this driver. */
  private boolean isListed(Set<String> listed, String name) {
    return listed.contains(name) || listed.stream().anyMatch(other -> isSame(name, other));
  }

  private boolean isSame(String name, String other) {
    return name.equals(other)
        || (!builtIn.containsKey(name)
            && !builtIn.containsKey(other)
            && used().anyMatch(service -> service.isSame(name, other)));
  }

  private String canonical(String written, Supplier<Set<String>> onRecord) {
    String name = written;
    if (!builtIn.containsKey(written)) {
      for (DriverService service : used().toList()) {
        name = service.nameOf(name, onRecord);
      }
    }
    return name;
  }

  private Optional<DriverService> serving(String name, Deadline deadline) {
    return used().filter(service -> service.serves(name, deadline)).findFirst();
  }

  private Stream<DriverService> used() {
    return services.stream().filter(service -> choice.kinds().contains(service.kind()));
  }

  @Override
  public String kindOf(VolumeDriver driver) {
    return driver instanceof DriverService service
        ? service.kind()
        : builtIn.entrySet().stream()
            .filter(entry -> entry.getValue().equals(driver))
            .map(Map.Entry::getKey)
            .findFirst()
            .orElseThrow();
  }

  /** A service that is not used any more still unmounts what it has mounted. */
  @Override
  public VolumeDriver ofKind(String kind) {
    VolumeDriver driver = kinds.get(kind);
    if (driver == null) {
      throw new InvalidRequestException("there is no kind of driver " + Text.quote(kind));
    }
    return driver;
  }

  private InvalidRequestException none(String name) {
    return new InvalidRequestException(
        "there is no volume driver %s on this agent: %s; %s, or name another driver"
            .formatted(
                Text.quote(name),
                used().map(service -> service.missing(name)).collect(Collectors.joining(", and ")),
                used().map(DriverService::remedy).collect(Collectors.joining(", "))));
  }
}
