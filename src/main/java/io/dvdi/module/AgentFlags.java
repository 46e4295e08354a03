// SPDX-License-Identifier: Apache-2.0
package io.dvdi.module;

import io.dvdi.volume.CommaList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * The flags of mesos-agent that the module needs. The library for mesos-agent reads them, and hands
 * them over among the parameters of modules.json. Another agent has none.
 */
final class AgentFlags {
  private static final String START = "--";

  /** Any other name with dashes is a mistake in modules.json. */
  private static final Set<String> NAMES = Set.of("isolation", "docker_volume_checkpoint_dir");

  private final Map<String, String> values;

  private AgentFlags(Map<String, String> values) {
    this.values = Map.copyOf(values);
  }

  /** Picks the flags out of what the library has handed over. */
  static AgentFlags among(List<Map.Entry<String, String>> entries) {
    Map<String, String> values = new LinkedHashMap<>();
    for (Map.Entry<String, String> entry : entries) {
      if (isFlag(entry)) {
        values.put(entry.getKey().substring(START.length()), entry.getValue());
      }
    }
    return new AgentFlags(values);
  }

  static boolean isFlag(Map.Entry<String, String> entry) {
    String key = entry.getKey();
    return key.startsWith(START) && NAMES.contains(key.substring(START.length()));
  }

  Optional<String> value(String name) {
    return Optional.ofNullable(values.get(name));
  }

  /** Whether the value of a flag is a comma list that has an item. */
  boolean lists(String name, String item) {
    return CommaList.of(value(name).orElse("")).contains(item);
  }
}
