// SPDX-License-Identifier: Apache-2.0
package io.dvdi.driver.local;

import io.dvdi.volume.InvalidRequestException;
import io.dvdi.volume.MountOption;
import io.dvdi.volume.Options;
import io.dvdi.volume.Text;
import io.dvdi.volume.VolumeId;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeSet;

/** What the options of a local volume ask for. */
sealed interface LocalOptions {
  /** No options: whatever the volume is, and for a new one a plain directory. */
  record Plain() implements LocalOptions {}

  /**
   * A file system in a file of its own, as the original project's example asks for.
   *
   * @param size of a new one in bytes; absent: it must exist
   * @param type ext4 or xfs
   * @param overwrite make a new file system at each mount
   */
  record Image(OptionalLong size, Optional<String> type, boolean overwrite)
      implements LocalOptions {}

  /**
   * One mount(2), with the options of Docker's local driver (docs.docker.com, "docker volume
   * create", driver-specific options).
   *
   * @param type the file system
   * @param device what to mount
   * @param options of the mount
   */
  record Direct(String type, String device, List<MountOption> options) implements LocalOptions {
    /** Without what may be secret. */
    @Override
    public String toString() {
      return "Direct[type=" + type + ", device=***, options=***]";
    }
  }

  /** GiB in bytes. */
  long GIB = 1L << 30;

  /** What ext4 can hold in one file: more cannot be made on most hosts. */
  long LARGEST = 16 * 1024;

  Set<String> TYPES = Set.of("ext4", "xfs");

  /**
   * What would give the task more than a file system, or change other mounts. rbind would bring in
   * mounts that keep their set-user-ID programs and devices, and could not be unmounted while they
   * are there.
   */
  Set<String> REFUSED =
      Set.of(
          "suid",
          "dev",
          "remount",
          "move",
          "shared",
          "slave",
          "private",
          "unbindable",
          "rshared",
          "rslave",
          "rprivate",
          "runbindable",
          "rbind");

  Set<String> OF_IMAGES = Set.of("size", "newfstype", "overwritefs");

  Set<String> OF_MOUNTS = Set.of("type", "device", "o");

  /**
   * Whether the name of a volume is the path of a folder of the host, as in files for Docker
   * Compose.
   */
  static boolean isPath(VolumeId id) {
    return id.name().startsWith("/");
  }

  /** Reads the options of a volume. If its name is a path, it is a bind of that folder. */
  static LocalOptions of(VolumeId id, Options options) {
    if (isPath(id)) {
      if (!options.isEmpty()) {
        throw new InvalidRequestException(
            id
                + ": a volume whose name is a path of the host has no options; remove them, or give"
                + " the volume another name and this path as the option device");
      }
      return new Direct("none", id.name(), MountOption.list("bind"));
    }
    return of(id.toString(), options);
  }

  /**
   * Reads options.
   *
   * @param what names the volume, or the parameter, in messages
   */
  static LocalOptions of(String what, Options options) {
    Set<String> names = new TreeSet<>(options.values().keySet());
    boolean image = names.removeAll(OF_IMAGES);
    boolean direct = names.removeAll(OF_MOUNTS);
    if (!names.isEmpty()) {
      throw new InvalidRequestException(
          ("%s: the driver local has no option %s; it has size (GiB), newfstype (ext4 or xfs) and"
               + " overwritefs (true or false) for a file system in a file, or type, device and o"
               + " as Docker's local driver")
              .formatted(what, Text.quote(names.iterator().next())));
    }
    if (image && direct) {
      throw new InvalidRequestException(
          what
              + ": size, newfstype and overwritefs are for a file system in a file, and cannot be"
              + " combined with type, device or o");
    }
    if (image) {
      return image(what, options);
    }
    return direct ? direct(what, options) : new Plain();
  }

  /**
   * Whether a volume gets default options. Those of a mount belong together, and those of a file
   * system in a file make sense only for one. A path of the host has none.
   */
  static boolean takesDefaults(VolumeId id, Options given, Options defaults) {
    return !isPath(id) && (given.isEmpty() || (isImage(given) && isImage(defaults)));
  }

  private static boolean isImage(Options options) {
    return OF_IMAGES.containsAll(options.values().keySet());
  }

  /** Whether the file system is empty, or made anew, at each mount. */
  static boolean areFresh(Options options) {
    return options.get("type").orElse("").equals("tmpfs")
        || options.get("overwritefs").orElse("").strip().equalsIgnoreCase("true");
  }

  private static Image image(String what, Options options) {
    OptionalLong size = OptionalLong.empty();
    if (options.get("size").isPresent()) {
      String text = options.get("size").get().strip();
      if (!text.matches("[0-9]{1,6}")
          || Long.parseLong(text) < 1
          || Long.parseLong(text) > LARGEST) {
        throw new InvalidRequestException(
            "%s: the option size is not a whole number of GiB from 1 to %d"
                .formatted(what, LARGEST));
      }
      size = OptionalLong.of(Long.parseLong(text) * GIB);
    }
    Optional<String> type = options.get("newfstype").map(t -> t.strip().toLowerCase(Locale.ROOT));
    if (type.isPresent() && !TYPES.contains(type.get())) {
      throw new InvalidRequestException(what + ": the option newfstype is neither ext4 nor xfs");
    }
    String overwrite = options.get("overwritefs").orElse("false").strip().toLowerCase(Locale.ROOT);
    if (!Set.of("true", "false").contains(overwrite)) {
      throw new InvalidRequestException(
          what + ": the option overwritefs is neither true nor false");
    }
    return new Image(size, type, overwrite.equals("true"));
  }

  private static Direct direct(String what, Options options) {
    Map<String, String> values = options.values();
    List<MountOption> o = MountOption.list(values.getOrDefault("o", ""));
    for (MountOption option : o) {
      if (REFUSED.contains(option.text())) {
        throw new InvalidRequestException(
            "%s: the mount option %s in o is not allowed; remove it"
                .formatted(what, option.text()));
      }
    }
    String device = values.getOrDefault("device", "");
    String type = values.getOrDefault("type", "");
    if (type.isEmpty() || type.equals("none")) {
      if (!MountOption.has(o, "bind")) {
        throw new InvalidRequestException(
            what + ": without the option type, o must have bind (and device the folder to bind)");
      }
      type = "none";
    }
    if (device.isEmpty() && !type.equals("tmpfs")) {
      throw new InvalidRequestException(
          what + ": the option device is missing; name what to mount");
    }
    return new Direct(type, device.isEmpty() ? type : device, o);
  }
}
