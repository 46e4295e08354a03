// SPDX-License-Identifier: Apache-2.0
package io.dvdi.volume;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * The volumes that a task's variables request. Names and slots are those of mesos-module-dvdi:
 * {@code DVDI_VOLUME_NAME}, {@code DVDI_VOLUME_NAME0} and so on. No number means 0. Marathon 1.0
 * and 1.1 use 10 and above for more than ten volumes.
 *
 * <p>Unlike in mesos-module-dvdi, a variable that requests nothing is an error, because a task
 * without its volume would write to the host's disk. Lenient rules ignore it.
 */
final class EnvironmentVolumes {
  private static final String PREFIX = "DVDI_VOLUME_";

  private enum Variable {
    NAME,
    DRIVER,
    OPTS,
    CONTAINERPATH,
    EXPLICITCREATE,
    DVDCLI,
    /** The module sets it, so a task must not. */
    MOUNTPOINT;

    final String prefix = PREFIX + name();
  }

  /** A variable: its full name, for messages, and its value. */
  private record Setting(String field, String value) {}

  private final Map<Integer, Map<Variable, Setting>> slots = new TreeMap<>();
  private final RequestRules rules;

  private EnvironmentVolumes(RequestRules rules) {
    this.rules = rules;
  }

  static List<VolumeRequest> parse(
      List<Map.Entry<String, String>> environment, RequestRules rules) {
    EnvironmentVolumes volumes = new EnvironmentVolumes(rules);
    for (Map.Entry<String, String> variable : environment) {
      volumes.add(variable.getKey(), variable.getValue());
    }
    if (rules.lenient()) {
      volumes.slots.values().removeIf(EnvironmentVolumes::isNameless);
    }
    List<VolumeRequest> requests = new ArrayList<>();
    volumes.slots.forEach((slot, settings) -> requests.add(volumes.request(settings)));
    return requests;
  }

  private static boolean isNameless(Map<Variable, Setting> settings) {
    Setting name = settings.get(Variable.NAME);
    return name == null || name.value.isEmpty();
  }

  private void add(String field, String value) {
    for (Variable variable : Variable.values()) {
      if (field.startsWith(variable.prefix)) {
        String suffix = field.substring(variable.prefix.length());
        int slot = slot(suffix);
        if (slot < 0 || slot >= RequestRules.SLOTS) {
          throw new InvalidRequestException(
              "%s is not a variable of this module: %s can be followed by a number from 0 to %d, for up to %d volumes"
                  .formatted(
                      Text.quote(field),
                      variable.prefix,
                      RequestRules.SLOTS - 1,
                      RequestRules.SLOTS));
        }
        if (variable == Variable.MOUNTPOINT) {
          throw new InvalidRequestException(
              field + " is set by this module; remove it from" + " the task");
        }
        Setting setting = new Setting(field, value);
        Setting other =
            slots
                .computeIfAbsent(slot, number -> new EnumMap<>(Variable.class))
                .put(variable, setting);
        if (other != null && !other.value.equals(value) && !rules.lenient()) {
          throw new InvalidRequestException(
              "%s and %s are the same variable with different values; remove one"
                  .formatted(other.field, field));
        }
        return;
      }
    }
    if (field.startsWith(PREFIX) && !rules.lenient()) {
      throw new InvalidRequestException(
          "%s is not a variable of this module; known variables are %s, each with an optional number"
              .formatted(
                  Text.quote(field), Arrays.stream(Variable.values()).map(v -> v.prefix).toList()));
    }
  }

  /** The number of a slot; -1 if the suffix is invalid. Leading zeros, as in 01, are invalid. */
  private static int slot(String suffix) {
    if (suffix.isEmpty()) {
      return 0;
    }
    return suffix.matches("[0-9]|[1-9][0-9]") ? Integer.parseInt(suffix) : -1;
  }

  private VolumeRequest request(Map<Variable, Setting> settings) {
    Setting name = settings.get(Variable.NAME);
    if (name == null) {
      Setting other = settings.values().iterator().next();
      throw new InvalidRequestException(
          "%s is set, but %s is not; name the volume, or remove %1$s"
              .formatted(
                  other.field,
                  other.field.replaceFirst("^DVDI_VOLUME_[A-Z]+", Variable.NAME.prefix)));
    }
    Setting driver = settings.get(Variable.DRIVER);
    Setting options = settings.get(Variable.OPTS);
    Setting path = settings.get(Variable.CONTAINERPATH);
    Setting explicit = settings.get(Variable.EXPLICITCREATE);
    if (driver == null || driver.value.isEmpty()) {
      driver = new Setting("the module's default_driver", rules.defaultDriver());
    }
    return new VolumeRequest(
        rules.identity().apply(VolumeId.of(driver.field, driver.value, name.field, name.value)),
        options == null ? Options.NONE : Options.parse(options.field, options.value),
        path == null ? Optional.empty() : Optional.of(ContainerPath.parse(path.field, path.value)),
        false,
        explicit != null && truth(explicit),
        new VolumeRequest.Origin(
            name.field,
            Optional.of(name.field.substring(Variable.NAME.prefix.length())),
            Optional.ofNullable(settings.get(Variable.DVDCLI)).map(Setting::value)));
  }

  private boolean truth(Setting setting) {
    return switch (setting.value.strip().toLowerCase(Locale.ROOT)) {
      case "true" -> true;
      case "false", "" -> false;
      default -> {
        if (rules.lenient()) {
          yield false;
        }
        throw new InvalidRequestException(
            "%s is %s; write true or false".formatted(setting.field, Text.quote(setting.value)));
      }
    };
  }
}
