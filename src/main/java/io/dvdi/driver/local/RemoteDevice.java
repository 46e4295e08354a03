// SPDX-License-Identifier: Apache-2.0
package io.dvdi.driver.local;

import io.dvdi.driver.DriverException;
import io.dvdi.linux.MountSource;
import io.dvdi.volume.InvalidRequestException;
import io.dvdi.volume.MountOption;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The server that a network file system comes from. The kernel goes where the mount option addr (or
 * ip of cifs) says, whatever the device's name; so the operator's word on servers must hold for
 * both.
 */
final class RemoteDevice {
  private static final Set<String> ADDRESSES = Set.of("addr", "ip");

  private final boolean cifs;

  /** Empty for the short form of NFS, device=:/path with the server in addr. */
  private final String host;

  /** The colon and path of NFS, or the share of CIFS. */
  private final String path;

  /** What addr or ip says. */
  private final @Nullable String address;

  private RemoteDevice(boolean cifs, String host, String path, @Nullable String address) {
    this.cifs = cifs;
    this.host = host;
    this.path = path;
    this.address = address;
  }

  static boolean isRemote(String type) {
    return Set.of("nfs", "nfs4", "cifs").contains(type);
  }

  /**
   * Reads the device as the kernel does, and the address.
   *
   * @param what names the volume, or the parameter, in messages
   */
  static RemoteDevice of(String what, LocalOptions.Direct direct) {
    boolean cifs = direct.type().equals("cifs");
    String device = direct.device();
    int start = cifs ? 2 : 0;
    int end = cifs ? device.indexOf('/', start) : device.indexOf(":/");
    // CIFS takes a backslash for a slash.
    boolean right = cifs ? device.startsWith("//") && end > start : end >= start;
    if (!right || device.contains("\\") || !isHost(device.substring(start, end))) {
      throw new InvalidRequestException(
          "%s: the option device is not of the form %s"
              .formatted(what, cifs ? "//server/share" : "server:/path"));
    }
    List<MountOption> addresses =
        direct.options().stream().filter(option -> ADDRESSES.contains(option.name())).toList();
    if (addresses.size() > 1) {
      throw new InvalidRequestException(what + ": o contains the server's address twice; keep one");
    }
    String address = addresses.isEmpty() ? null : addresses.get(0).value().orElse("");
    if (address != null && (address.isEmpty() || !isHost(address))) {
      throw new InvalidRequestException(
          what + ": the server's address in o is neither a name nor an IP address");
    }
    if (address == null && end == start) {
      throw new InvalidRequestException(
          what + ": the server is missing; write device=server:/path, or addr=server in o");
    }
    return new RemoteDevice(cifs, device.substring(start, end), device.substring(end), address);
  }

  private static boolean isHost(String text) {
    return !text.contains("/") && !text.contains("\\");
  }

  /** Whether the operator allows the device; what the address is, {@link #resolve} looks at. */
  boolean isAllowed(Predicate<String> allows) {
    return allows.test(named(host.isEmpty() && address != null ? address : host));
  }

  /**
   * The options for the kernel, which takes a server's address only. As Docker does, a name in addr
   * is resolved; without addr, the server's name in the device is.
   */
  List<MountOption> options(List<MountOption> o, Predicate<String> allows) throws DriverException {
    String server = resolve(allows).getHostAddress();
    return Stream.concat(
            o.stream().filter(option -> !ADDRESSES.contains(option.name())),
            Stream.of(new MountOption(cifs ? "ip" : "addr", Optional.of(server))))
        .toList();
  }

  /**
   * Whether a mount shows this export of this server.
   *
   * @param direct the options that this was read from
   */
  boolean isAt(LocalOptions.Direct direct, MountSource mount, Predicate<String> allows)
      throws DriverException {
    boolean sameType = mount.type().equals("cifs") == cifs && isRemote(mount.type());
    if (!sameType || !mount.source().equals(direct.device())) {
      return false;
    }
    InetAddress server = resolve(allows);
    return mount.superOptions().stream()
        .filter(option -> option.name().equals("addr"))
        .anyMatch(option -> isAddress(option.value().orElse(""), server));
  }

  private static boolean isAddress(String text, InetAddress server) {
    try {
      return InetAddress.getByName(text).equals(server);
    } catch (UnknownHostException e) {
      return false;
    }
  }

  private InetAddress resolve(Predicate<String> allows) throws DriverException {
    if (address == null) {
      return all(host, "in the option device").get(0);
    }
    InetAddress wanted = all(address, "in the mount option addr or ip").get(0);
    boolean allowed =
        allows.test(named(address))
            || (!host.isEmpty() && all(host, "in the option device").contains(wanted));
    if (!allowed) {
      throw DriverException.failed(
          "the mount option addr or ip names another server than the option device, and the"
              + " parameter local_devices does not allow that server; remove it");
    }
    return wanted;
  }

  /** The device as it is called when this is its server. */
  private String named(String server) {
    return cifs ? "//" + server + path : server + path;
  }

  /** The name is not in the message: it is an option's value. */
  private static List<InetAddress> all(String name, String where) throws DriverException {
    try {
      return List.of(InetAddress.getAllByName(name));
    } catch (UnknownHostException e) {
      throw DriverException.failed(
          "the server's name %s cannot be resolved; does this host know it?".formatted(where), e);
    }
  }
}
