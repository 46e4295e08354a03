// SPDX-License-Identifier: Apache-2.0
package io.dvdi.driver.plugin;

import java.io.IOException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;

/**
 * Under which name a plugin is known that can be found by several: {@code foo} and {@code foo/foo},
 * with Docker's host name and without, or a description that points to another plugin's socket. All
 * of them are one driver, and what is mounted by one name is shared by the others. Thread-safe.
 */
final class PluginNames {
  private final PluginDiscovery discovery;

  /** The name that each plugin was called by first. Guarded by this object. */
  private final Map<PluginAddress, String> first = new HashMap<>();

  PluginNames(PluginDiscovery discovery) {
    this.discovery = discovery;
  }

  /**
   * The one name for whatever is found by this one: the name on record, or the one that came first.
   *
   * @param onRecord the names of drivers that may have volumes mounted
   */
  synchronized String of(String name, Supplier<Set<String>> onRecord) {
    Optional<PluginAddress> address = address(name);
    if (address.isEmpty()) {
      return name;
    }
    String known = first.get(address.get());
    if (name.equals(known)) {
      return name;
    }
    if (known == null || !address.equals(address(known))) {
      known =
          onRecord.get().stream()
              .filter(other -> address.equals(address(other)))
              .findFirst()
              .orElse(name);
      first.put(address.get(), known);
    }
    return known;
  }

  /** Whether both names lead to the same plugin now. */
  boolean areSame(String name, String other) {
    Optional<PluginAddress> address = address(name);
    return name.equals(other) || (address.isPresent() && address.equals(address(other)));
  }

  /** Where a plugin listens; absent if there is none that can be used. */
  private Optional<PluginAddress> address(String name) {
    try {
      return discovery.find(name).map(plugin -> followed(plugin.address()));
    } catch (NotReachedException e) {
      return Optional.empty();
    }
  }

  private static PluginAddress followed(PluginAddress address) {
    try {
      return address instanceof PluginAddress.Unix(Path socket)
          ? new PluginAddress.Unix(socket.toRealPath())
          : address;
    } catch (IOException e) {
      return address;
    }
  }
}
