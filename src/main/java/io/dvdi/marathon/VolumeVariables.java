// SPDX-License-Identifier: Apache-2.0
package io.dvdi.marathon;

import io.dvdi.volume.RequestRules;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * The variables that Marathon 1.0 and 1.1 make of external volumes (volumeToEnv in their
 * DVDIProvider.scala).
 */
final class VolumeVariables {
  private static final String NAME = "DVDI_VOLUME_NAME";
  private static final int LAST_SLOT = RequestRules.SLOTS - 1;

  private VolumeVariables() {}

  /** The app's own variables, and behind them those of its volumes. */
  static List<Map.Entry<String, String>> of(App app) {
    List<Map.Entry<String, String>> environment = new ArrayList<>(app.environment());
    Set<String> taken = new HashSet<>();
    app.environment().forEach(variable -> taken.add(variable.getKey()));
    int slot = lastSlot(taken);
    for (ExternalVolume volume : app.externalVolumes()) {
      slot++;
      for (Map.Entry<String, String> variable : variables(volume, suffix(volume, slot))) {
        if (!taken.add(variable.getKey())) {
          throw new InvalidAppException(
              "env.%s is set by Marathon 1.1 for %s; remove it, or set the whole slot yourself"
                  .formatted(variable.getKey(), volume.place()));
        }
        environment.add(variable);
      }
    }
    return environment;
  }

  /** The highest slot whose name the app sets itself, where no digit means 0; -1 for none. */
  private static int lastSlot(Set<String> names) {
    int last = -1;
    for (String name : names) {
      if (name.startsWith(NAME)) {
        String suffix = name.substring(NAME.length());
        // Others are refused as what they are when the request is read.
        if (suffix.isEmpty()) {
          last = Math.max(last, 0);
        } else if (suffix.matches("[0-9]|[1-9][0-9]")) {
          int slot = Integer.parseInt(suffix);
          last = slot > LAST_SLOT ? last : Math.max(last, slot);
        }
      }
    }
    return last;
  }

  private static String suffix(ExternalVolume volume, int slot) {
    if (slot > LAST_SLOT) {
      throw new InvalidAppException(
          ("%s would get the variable %s%d from Marathon 1.1, but the last one is %2$s%d;"
                  + " ask for fewer volumes, or use Marathon 1.3")
              .formatted(volume.place(), NAME, slot, LAST_SLOT));
    }
    return slot == 0 ? "" : Integer.toString(slot);
  }

  private static List<Map.Entry<String, String>> variables(ExternalVolume volume, String suffix) {
    List<Map.Entry<String, String>> variables = new ArrayList<>();
    variables.add(Map.entry("DVDI_VOLUME_CONTAINERPATH" + suffix, volume.containerPath()));
    variables.add(Map.entry(NAME + suffix, volume.name()));
    variables.add(Map.entry("DVDI_VOLUME_DRIVER" + suffix, volume.driver()));
    if (!volume.options().isEmpty()) {
      variables.add(Map.entry("DVDI_VOLUME_OPTS" + suffix, list(volume)));
    }
    return variables;
  }

  private static String list(ExternalVolume volume) {
    List<String> items = new ArrayList<>();
    volume
        .options()
        .values()
        .forEach(
            (name, value) -> {
              if (value.contains(",") || value.endsWith("\\")) {
                throw new InvalidAppException(
                    ("%s.external.options['dvdi/%s'] has a comma, or a backslash at its end, which"
                            + " Marathon 1.1 writes into its comma list without escaping, so the"
                            + " driver would get a different value; use Marathon 1.3")
                        .formatted(volume.place(), name));
              }
              items.add(name + "=" + value);
            });
    return String.join(",", items);
  }
}
