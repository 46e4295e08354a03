// SPDX-License-Identifier: Apache-2.0
package io.dvdi.module;

import io.dvdi.driver.local.LocalSettings;
import io.dvdi.driver.plugin.PluginFolders;
import io.dvdi.log.Log;
import io.dvdi.volume.AgentLocale;
import io.dvdi.volume.CommaList;
import io.dvdi.volume.InvalidRequestException;
import io.dvdi.volume.Options;
import io.dvdi.volume.VolumeId;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The parameters of modules.json, all checked: an agent with a bad one does not start.
 *
 * @param stateDir records and the lock
 * @param drivers which there are, and how they are reached
 * @param requests how tasks ask for volumes
 * @param volumes how volumes are mounted and watched
 * @param imports what is taken over from a predecessor
 */
record Settings(
    Path stateDir, Drivers drivers, Requests requests, Volumes volumes, Imports imports) {

  /**
   * Which drivers there are, and how they are reached.
   *
   * @param allowed that tasks may use; empty: all
   * @param local of the built-in driver
   * @param services the kinds of services that reach drivers which are not built in
   * @param plugins where plugins are looked for
   * @param dvdcli the program
   * @param defaultOptions by the name of a driver, in the order of modules.json
   */
  record Drivers(
      Set<String> allowed,
      LocalSettings local,
      Set<String> services,
      PluginFolders plugins,
      Path dvdcli,
      Map<String, Options> defaultOptions) {}

  /**
   * How tasks ask for volumes.
   *
   * @param defaultDriver for tasks that name none
   * @param lenientVariables variables that ask for nothing are ignored rather than refused
   * @param containerPaths folders of the host in which tasks that have no image and are not root's
   *     may have volumes
   */
  record Requests(String defaultDriver, boolean lenientVariables, List<Path> containerPaths) {}

  /**
   * How volumes are mounted and watched.
   *
   * @param mountTimeout for all volumes of a container together, and for their unmounts at its end
   * @param plainDirectories drivers that hand out directories of the host
   * @param suidDrivers drivers with volumes whose set-user-ID bits and device files count
   * @param endsLost containers are ended whose volumes are lost
   * @param ownedByTask a volume is given to the user of the task that has it mounted
   */
  record Volumes(
      Duration mountTimeout,
      Set<String> plainDirectories,
      Set<String> suidDrivers,
      boolean endsLost,
      boolean ownedByTask) {}

  /**
   * What is taken over from a predecessor.
   *
   * @param dvdimounts what mesos-module-dvdi has mounted, from this file
   * @param dockerVolume what docker/volume has mounted, from this folder
   */
  record Imports(Optional<Path> dvdimounts, Optional<Path> dockerVolume) {}

  /** A duration as Mesos writes it, see stout's Duration::parse. */
  private static final Pattern DURATION = Pattern.compile("([0-9]{1,9})(ms|secs|mins|hrs)");

  /** Longer than any storage needs, and short enough to be no mistake of units. */
  private static final Duration LONGEST = Duration.ofHours(24);

  /**
   * @param log is told of parameters that are not used any more
   * @throws InvalidParameterException names the key, the value and what is possible
   */
  static Settings of(List<Map.Entry<String, String>> parameters, Log log) {
    Map<Parameter, String> given = new EnumMap<>(Parameter.class);
    Set<FormerParameter> former = EnumSet.noneOf(FormerParameter.class);
    DefaultOptions defaultOptions = new DefaultOptions();
    for (Map.Entry<String, String> entry : parameters) {
      Optional<FormerParameter> gone = FormerParameter.of(entry.getKey());
      gone.ifPresent(former::add);
      if (DefaultOptions.isKey(entry.getKey())) {
        defaultOptions.add(entry.getKey(), entry.getValue());
      } else if (gone.isEmpty()
          && given.put(Parameter.of(entry.getKey()), entry.getValue()) != null) {
        throw new InvalidParameterException(
            "the parameter '" + entry.getKey() + "' is given twice");
      }
    }
    former.forEach(parameter -> log.warning(parameter.warning()));
    return new Settings(
        path(given, Parameter.STATE_DIR),
        drivers(given, defaultOptions.byDriver()),
        new Requests(
            defaultDriver(given),
            isSecond(given, Parameter.TASK_VARIABLES, "strict", "lenient"),
            paths(given, Parameter.CONTAINER_PATHS)),
        new Volumes(
            duration(given, Parameter.MOUNT_TIMEOUT),
            plainDirectories(given),
            suidDrivers(given),
            isSecond(given, Parameter.LOST_VOLUMES, "log", "kill"),
            isSecond(given, Parameter.VOLUME_OWNER, "keep", "task")),
        new Imports(
            optionalPath(given, Parameter.IMPORT_DVDIMOUNTS),
            optionalPath(given, Parameter.IMPORT_DOCKER_VOLUME)));
  }

  private static Drivers drivers(
      Map<Parameter, String> given, Map<String, Options> defaultOptions) {
    return new Drivers(
        drivers(given, Parameter.ALLOWED_DRIVERS),
        new LocalSettings(
            path(given, Parameter.LOCAL_DIR),
            devices(given),
            plainDirectories(given).contains("local")),
        services(given),
        new PluginFolders(
            path(given, Parameter.PLUGIN_SOCKETS),
            PluginFolders.DOCKER.specs(),
            PluginFolders.DOCKER.managed()),
        path(given, Parameter.DVDCLI),
        defaultOptions);
  }

  private static Set<String> plainDirectories(Map<Parameter, String> given) {
    return drivers(given, Parameter.PLAIN_DIRECTORIES);
  }

  private static Set<String> suidDrivers(Map<Parameter, String> given) {
    Set<String> drivers = drivers(given, Parameter.SUID_DRIVERS);
    if (drivers.contains("local")) {
      throw invalid(
          Parameter.SUID_DRIVERS,
          "local",
          "a comma list of drivers other than local, which always mounts nosuid and nodev");
    }
    return drivers;
  }

  private static String value(Map<Parameter, String> given, Parameter parameter) {
    return given.getOrDefault(parameter, parameter.byDefault());
  }

  private static InvalidParameterException invalid(
      Parameter parameter, String value, String wanted) {
    return new InvalidParameterException(
        "the parameter %s is '%s'; it has to be %s".formatted(parameter.key(), value, wanted));
  }

  private static Set<String> services(Map<Parameter, String> given) {
    String value = value(given, Parameter.VOLUME_SERVICE);
    return switch (value) {
      case "auto" -> Set.of("plugin", "dvdcli");
      case "plugin", "dvdcli" -> Set.of(value);
      default -> throw invalid(Parameter.VOLUME_SERVICE, value, "auto, plugin or dvdcli");
    };
  }

  /** A parameter with two values. */
  private static boolean isSecond(
      Map<Parameter, String> given, Parameter parameter, String first, String second) {
    String value = value(given, parameter);
    if (!value.equals(first) && !value.equals(second)) {
      throw invalid(parameter, value, first + " or " + second);
    }
    return value.equals(second);
  }

  private static Optional<Path> optionalPath(Map<Parameter, String> given, Parameter parameter) {
    String value = value(given, parameter);
    return value.isEmpty() ? Optional.empty() : Optional.of(path(parameter, value));
  }

  private static Path path(Map<Parameter, String> given, Parameter parameter) {
    return path(parameter, value(given, parameter));
  }

  private static List<Path> paths(Map<Parameter, String> given, Parameter parameter) {
    return list(given, parameter).stream().map(value -> path(parameter, value)).toList();
  }

  private static Path path(Parameter parameter, String value) {
    try {
      Path path = Path.of(value);
      if (path.isAbsolute() && path.equals(path.normalize()) && path.getNameCount() > 0) {
        return path;
      }
    } catch (InvalidPathException e) {
      throw new InvalidParameterException(
          "the parameter %s: %s".formatted(parameter.key(), AgentLocale.reason(e)));
    }
    throw invalid(parameter, value, "an absolute path without '..'");
  }

  private static List<String> list(Map<Parameter, String> given, Parameter parameter) {
    return CommaList.of(value(given, parameter));
  }

  private static List<String> devices(Map<Parameter, String> given) {
    List<String> devices = list(given, Parameter.LOCAL_DEVICES);
    for (String device : devices) {
      if (device.equals("/")
          || List.of(device.split("/", -1)).contains("..")
          || device.startsWith(":")) {
        throw invalid(
            Parameter.LOCAL_DEVICES,
            device,
            "a comma list of folders, devices or servers, such as /srv/,nas:/export");
      }
    }
    return devices;
  }

  private static Set<String> drivers(Map<Parameter, String> given, Parameter parameter) {
    Set<String> drivers = new LinkedHashSet<>();
    for (String driver : list(given, parameter)) {
      drivers.add(driver(parameter, driver));
    }
    return drivers;
  }

  private static String defaultDriver(Map<Parameter, String> given) {
    return driver(Parameter.DEFAULT_DRIVER, value(given, Parameter.DEFAULT_DRIVER));
  }

  /** The name of a driver, in the form in which requests have it. */
  private static String driver(Parameter parameter, String driver) {
    try {
      return new VolumeId(driver, "name").driver();
    } catch (InvalidRequestException e) {
      throw invalid(parameter, driver, "the name of a volume driver, such as rexray");
    }
  }

  private static Duration duration(Map<Parameter, String> given, Parameter parameter) {
    String value = value(given, parameter);
    Matcher matcher = DURATION.matcher(value);
    if (matcher.matches()) {
      long count = Long.parseLong(matcher.group(1));
      Duration duration =
          switch (matcher.group(2)) {
            case "ms" -> Duration.ofMillis(count);
            case "secs" -> Duration.ofSeconds(count);
            case "mins" -> Duration.ofMinutes(count);
            default -> Duration.ofHours(count);
          };
      if (!duration.isZero() && duration.compareTo(LONGEST) <= 0) {
        return duration;
      }
    }
    throw invalid(
        parameter, value, "a duration up to 24hrs in ms, secs, mins or hrs, such as 2mins");
  }
}
