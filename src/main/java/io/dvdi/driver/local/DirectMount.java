// SPDX-License-Identifier: Apache-2.0
package io.dvdi.driver.local;

import io.dvdi.driver.DriverException;
import io.dvdi.lifecycle.Evidence;
import io.dvdi.lifecycle.VolumeEvent;
import io.dvdi.linux.LinuxException;
import io.dvdi.linux.MountCalls;
import io.dvdi.linux.MountOptions;
import io.dvdi.linux.MountSource;
import io.dvdi.linux.OpenedPath;
import io.dvdi.volume.InvalidRequestException;
import io.dvdi.volume.MountOption;
import io.dvdi.volume.VolumeId;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** A volume that is one mount(2) away: tmpfs, a bind, a block device, or a network file system. */
final class DirectMount {
  /**
   * Of the host's memory, for those that give no size. The kernel's own default is half of it,
   * which two forgetful tasks fill up, see tmpfs(5).
   */
  private static final MountOption TMPFS_SIZE = new MountOption("size", Optional.of("10%"));

  private final List<String> allowed;
  private final DiskMounts diskMounts;

  /**
   * @param allowed what a device may begin with
   */
  DirectMount(List<String> allowed, DiskMounts diskMounts) {
    this.allowed = allowed;
    this.diskMounts = diskMounts;
  }

  /**
   * @param what names the volume, or the parameter, in messages
   */
  void check(String what, LocalOptions.Direct direct) {
    String type = direct.type();
    // The types show a device or a server. Others show the kernel's insides or pieces of the host.
    if (!FileSystemOptions.types().contains(type)) {
      throw new InvalidRequestException(
          "%s: the option type is not one of %s"
              .formatted(what, FileSystemOptions.types().stream().sorted().toList()));
    }
    if (MountOptions.of(direct.options()).isBind() && !type.equals("none")) {
      throw new InvalidRequestException(
          "%s: the mount option bind in o cannot be combined with the type %s; write type=none"
              .formatted(what, type));
    }
    FileSystemOptions.check(what, type, direct.options());
    if (!type.equals("tmpfs") && !isAllowed(what, direct)) {
      throw new InvalidRequestException(
          "%s: tasks may not use this folder, device or server; the operator can allow it with the parameter local_devices (now: %s)"
              .formatted(what, allowed.isEmpty() ? "none" : String.join(",", allowed)));
    }
  }

  private boolean isAllowed(String what, LocalOptions.Direct direct) {
    return RemoteDevice.isRemote(direct.type())
        ? RemoteDevice.of(what, direct).isAllowed(this::allows)
        : direct.device().startsWith("/") && allows(direct.device());
  }

  VolumeEvent.Succeeded mount(VolumeId id, LocalOptions.Direct direct, Path mountpoint)
      throws IOException, DriverException {
    String type = direct.type();
    MountOptions options = MountOptions.of(options(id, direct));
    long flags = options.flags() | MountOptions.ALWAYS;
    if (hasNoPath(type)) {
      MountCalls.mount(direct.device(), mountpoint, type, flags, options.data());
    } else {
      try (OpenedPath device = openAllowed(direct)) {
        if (options.isBind()) {
          MountCalls.bind(device, mountpoint, flags);
        } else {
          diskMounts.mount(id, source(device), mountpoint, type, options.text());
        }
      }
    }
    return success(direct, mountpoint);
  }

  /** How the volume is mounted, once it is. */
  static VolumeEvent.Succeeded success(LocalOptions.Direct direct, Path mountpoint) {
    MountOptions options = MountOptions.of(direct.options());
    return new VolumeEvent.Succeeded(mountpoint.toString(), options.isReadOnly(), options.isBind());
  }

  /**
   * Whether what is mounted is what the options ask for: the same folder, device or server's
   * export, with what the mount itself forbids. What they ask of the file system as a whole, such
   * as a version of NFS, stays as it was mounted.
   */
  boolean isSame(VolumeId id, LocalOptions.Direct direct, Evidence there, MountSource source)
      throws IOException, DriverException {
    MountOptions options = MountOptions.of(direct.options());
    if (source.isReadOnly() != options.isReadOnly()
        || (options.isNoExec() && !MountOption.has(source.options(), "noexec"))) {
      return false;
    }
    if (RemoteDevice.isRemote(direct.type())) {
      return RemoteDevice.of(id.toString(), direct).isAt(direct, source, this::allows);
    }
    try (OpenedPath device = openAllowed(direct)) {
      return options.isBind()
          ? Files.isSameFile(device.self(), Path.of(there.mountpoint()))
          : there.root().equals("/") && there.device().equals(device.deviceNumber());
    }
  }

  /** Whether it is a file system on a block device. */
  static boolean isOnDisk(LocalOptions.Direct direct) {
    return !hasNoPath(direct.type()) && !MountOptions.of(direct.options()).isBind();
  }

  private static boolean hasNoPath(String type) {
    return type.equals("tmpfs") || RemoteDevice.isRemote(type);
  }

  private OpenedPath openAllowed(LocalOptions.Direct direct)
      throws LinuxException, DriverException {
    OpenedPath device = open(direct.device());
    // A link in an allowed folder must not lead out of it.
    if (!allows(device.real().toString())) {
      device.close();
      throw DriverException.failed(
          "a link leads to a path that the parameter local_devices does not allow");
    }
    return device;
  }

  private List<MountOption> options(VolumeId id, LocalOptions.Direct direct)
      throws DriverException {
    List<MountOption> o = direct.options();
    if (RemoteDevice.isRemote(direct.type())) {
      return RemoteDevice.of(id.toString(), direct).options(o, this::allows);
    }
    boolean sized = o.stream().anyMatch(option -> option.name().equals("size"));
    return direct.type().equals("tmpfs") && !sized
        ? Stream.concat(Stream.of(TMPFS_SIZE), o.stream()).toList()
        : o;
  }

  /**
   * Outside of /dev the opened file and not its path: where tasks write, the path may lead to
   * another disk by now. Inside, the path reads better in the mount table.
   */
  private static Path source(OpenedPath device) throws LinuxException {
    if (device.real().startsWith("/dev")) {
      return device.real();
    }
    // As another process sees this one's descriptor.
    String self = String.valueOf(ProcessHandle.current().pid());
    return Path.of(device.self().toString().replace("/self/", "/" + self + "/"));
  }

  private static OpenedPath open(String device) throws DriverException {
    try {
      return OpenedPath.of(Path.of(device));
    } catch (LinuxException e) {
      // Its own message has the device, and that may be an option's value.
      throw DriverException.failed(
          "the device or folder cannot be opened (%s)".formatted(e.errnoName()), e);
    }
  }

  private boolean allows(String device) {
    boolean climbs = List.of(device.split("/", -1)).contains("..");
    return !climbs && allowed.stream().anyMatch(prefix -> covers(prefix, device));
  }

  /** A prefix ends where a name ends: /srv/a is not /srv/ab. */
  private static boolean covers(String prefix, String device) {
    return device.equals(prefix) || device.startsWith(prefix.endsWith("/") ? prefix : prefix + "/");
  }
}
