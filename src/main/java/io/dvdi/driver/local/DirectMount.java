// SPDX-License-Identifier: Apache-2.0
package io.dvdi.driver.local;

import io.dvdi.driver.DriverException;
import io.dvdi.driver.Mountpoint;
import io.dvdi.linux.LinuxException;
import io.dvdi.linux.MountCalls;
import io.dvdi.linux.MountOptions;
import io.dvdi.linux.OpenedPath;
import io.dvdi.volume.InvalidRequestException;
import io.dvdi.volume.Text;
import io.dvdi.volume.VolumeId;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/** A volume that is one mount(2) away: tmpfs, a bind, a block device, or a network file system. */
final class DirectMount {
  /**
   * File systems that show a device or a server. Others show the kernel's insides or pieces of the
   * host.
   */
  private static final Set<String> TYPES =
      Set.of(
          "none", "tmpfs", "ext2", "ext3", "ext4", "xfs", "btrfs", "vfat", "nfs", "nfs4", "cifs");

  private static final Set<String> NETWORK = Set.of("nfs", "nfs4", "cifs");

  private final List<String> allowed;

  /**
   * @param allowed what a device may begin with
   */
  DirectMount(List<String> allowed) {
    this.allowed = allowed;
  }

  void check(VolumeId id, LocalOptions.Direct direct) {
    if (!TYPES.contains(direct.type())) {
      throw new InvalidRequestException(
          "%s: the option type is none of %s".formatted(id, TYPES.stream().sorted().toList()));
    }
    if (!direct.type().equals("tmpfs") && !allows(direct.device())) {
      throw new InvalidRequestException(
          "%s: the option device names something that tasks may not use; the operator allows it with the parameter local_devices (now: %s)"
              .formatted(id, allowed.isEmpty() ? "none" : String.join(",", allowed)));
    }
  }

  Mountpoint mount(VolumeId id, LocalOptions.Direct direct, Path mountpoint)
      throws LinuxException, DriverException {
    MountOptions options =
        MountOptions.parse(NETWORK.contains(direct.type()) ? resolved(direct) : direct.options());
    long flags = options.flags() | MountOptions.ALWAYS;
    boolean onHost = direct.device().startsWith("/") && !NETWORK.contains(direct.type());
    if (options.isBind() || onHost) {
      try (OpenedPath device = open(direct.device())) {
        // A link in an allowed folder must not lead out of it.
        if (!allows(device.real().toString())) {
          throw DriverException.failed(
              "the option device leads to a place that the parameter local_devices does not allow");
        }
        if (options.isBind()) {
          MountCalls.bind(device, mountpoint, flags);
        } else {
          MountCalls.mount(source(device), mountpoint, direct.type(), flags, options.data());
        }
      }
    } else {
      MountCalls.mount(direct.device(), mountpoint, direct.type(), flags, options.data());
    }
    return new Mountpoint(mountpoint, options.isBind() || onHost, options.isReadOnly());
  }

  /**
   * Outside of /dev the opened file and not its path: where tasks write, the path may lead to
   * another disk by now. Inside, the path reads better in the mount table.
   */
  private static String source(OpenedPath device) throws LinuxException {
    return (device.real().startsWith("/dev") ? device.real() : device.self()).toString();
  }

  private static OpenedPath open(String device) throws DriverException {
    try {
      return OpenedPath.of(Path.of(device));
    } catch (LinuxException e) {
      // Its own message has the device, and that is an option's value.
      throw DriverException.failed(
          "what the option device names cannot be opened (%s)".formatted(e.errnoName()), e);
    }
  }

  private boolean allows(String device) {
    boolean climbs = List.of(device.split("/", -1)).contains("..");
    return !climbs && allowed.stream().anyMatch(prefix -> covers(prefix, device));
  }

  /** A prefix ends where a name ends: /srv/a is not /srv/ab. */
  private static boolean covers(String prefix, String device) {
    boolean ended = prefix.endsWith("/") || prefix.endsWith(":");
    return device.equals(prefix) || device.startsWith(ended ? prefix : prefix + "/");
  }

  /**
   * The kernel takes a server's address only. As Docker does, a name in addr is resolved; without
   * addr, the server's name in the device is.
   */
  private static String resolved(LocalOptions.Direct direct) throws DriverException {
    List<String> options = new ArrayList<>();
    boolean found = false;
    for (String option : direct.options().split(",", -1)) {
      if (option.startsWith("addr=")) {
        options.add("addr=" + address(option.substring("addr=".length())));
        found = true;
      } else if (!option.isEmpty()) {
        options.add(option);
      }
    }
    int colon = direct.device().lastIndexOf(":/");
    if (!found && colon > 0) {
      options.add("addr=" + address(direct.device().substring(0, colon)));
    }
    return String.join(",", options);
  }

  private static String address(String name) throws DriverException {
    try {
      return InetAddress.getByName(name).getHostAddress();
    } catch (UnknownHostException e) {
      throw DriverException.failed(
          "the server's name %s cannot be resolved".formatted(Text.quote(name)), e);
    }
  }
}
