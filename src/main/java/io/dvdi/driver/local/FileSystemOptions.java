// SPDX-License-Identifier: Apache-2.0
package io.dvdi.driver.local;

import io.dvdi.linux.MountOptions;
import io.dvdi.volume.InvalidRequestException;
import io.dvdi.volume.MountOption;
import io.dvdi.volume.Text;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The mount options that go to the file system itself. Only those that are known to stay within the
 * volume are possible: others name further devices, servers or files of the host (logdev,
 * mountaddr, credentials), stop the host (errors=panic), or change whom its security module trusts
 * (context). What a new kernel adds is refused until it is listed here.
 */
final class FileSystemOptions {
  private static final Set<String> EXT =
      names(
          "acl noacl user_xattr nouser_xattr barrier nobarrier commit data delalloc nodelalloc"
              + " discard nodiscard noquota");

  /** Not mountaddr and clientaddr: those are servers that the operator was not asked about. */
  private static final Set<String> NFS =
      names(
          "addr vers nfsvers minorversion proto tcp udp port mountport mountproto mountvers timeo"
              + " retrans rsize wsize hard soft softerr intr nointr nolock lock sec acregmin"
              + " acregmax acdirmin acdirmax actimeo ac noac acl noacl cto nocto rdirplus"
              + " nordirplus nconnect local_lock lookupcache resvport noresvport fsc nofsc"
              + " sharecache nosharecache");

  private static final Map<String, Set<String>> POSSIBLE =
      Map.ofEntries(
          Map.entry("none", Set.of()),
          Map.entry("tmpfs", names("size nr_inodes mode uid gid huge noswap inode64 inode32")),
          Map.entry("ext2", EXT),
          Map.entry("ext3", EXT),
          Map.entry("ext4", EXT),
          Map.entry(
              "xfs",
              names(
                  "allocsize discard nodiscard inode32 inode64 largeio nolargeio logbufs logbsize"
                      + " noquota nouuid")),
          // subvol stays within the device, which is allowed as a whole.
          Map.entry(
              "btrfs",
              names(
                  "acl noacl autodefrag noautodefrag barrier nobarrier commit compress"
                      + " compress-force datacow nodatacow discard nodiscard ssd nossd subvol"
                      + " subvolid")),
          Map.entry("vfat", names("uid gid umask dmask fmask iocharset codepage shortname utf8")),
          Map.entry("nfs", NFS),
          Map.entry("nfs4", NFS),
          // Not credentials, which mount.cifs(8) reads from a file of the host.
          Map.entry(
              "cifs",
              names(
                  "addr ip port username user password pass domain dom guest vers sec uid gid"
                      + " forceuid forcegid noperm file_mode dir_mode iocharset rsize wsize"
                      + " cache actimeo nounix noserverino serverino mfsymlinks nobrl seal sign"
                      + " hard soft nodfs")));

  private static final Set<String> PASSWORDS = Set.of("password", "pass");

  private FileSystemOptions() {}

  /** The file systems that options are known of. */
  static Set<String> types() {
    return POSSIBLE.keySet();
  }

  /**
   * Refuses what is not known to be harmless.
   *
   * @param what names the volume, or the parameter, in messages
   * @param type one of {@link #types}
   * @param o the mount's options
   */
  static void check(String what, String type, List<MountOption> o) {
    Set<String> possible = POSSIBLE.getOrDefault(type, Set.of());
    boolean afterPassword = false;
    int number = 0;
    for (MountOption option : o) {
      number++;
      if (MountOptions.of(List.of(option)).ofFileSystem().isEmpty()) {
        continue;
      }
      String name = option.name();
      if (!possible.contains(name)) {
        // A word alone, and whatever follows a password, may be a piece of a secret.
        boolean shown = option.value().isPresent() && !afterPassword;
        throw new InvalidRequestException(
            "%s: the mount option %s in o is not allowed with the type %s; %s"
                .formatted(
                    what,
                    shown ? Text.quote(name) : "number " + number,
                    type,
                    afterPassword ? "a password cannot contain a comma" : "remove it"));
      }
      afterPassword |= PASSWORDS.contains(name);
    }
  }

  private static Set<String> names(String list) {
    return Stream.of(list.split(" ", -1)).collect(Collectors.toUnmodifiableSet());
  }
}
