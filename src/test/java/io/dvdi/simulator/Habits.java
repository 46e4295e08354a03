// SPDX-License-Identifier: Apache-2.0
package io.dvdi.simulator;

/**
 * How a driver behaves: what real volume plugins were measured to do.
 *
 * @param keeps its users how
 * @param transport how it is called
 * @param account Get shows whom it counts, as rclone's Status.Mounts does
 * @param path when Get or Path names the path
 * @param lists a whole list says that a volume is absent
 * @param below the path lies below the mountpoint, as {@code <mount>/data} of REX-Ray
 * @param plain it hands out directories of the host's own file systems
 * @param block its file system is on a device with a number of its own, and not FUSE, NFS or tmpfs
 * @param formats Create makes a volume anew that exists
 * @param negative a stray Unmount leaves the count at -1, and the next Mount mounts nothing
 */
record Habits(
    Keeps keeps,
    Transport transport,
    boolean account,
    PathNamed path,
    boolean lists,
    boolean below,
    boolean plain,
    boolean block,
    boolean formats,
    boolean negative) {

  /** How a driver keeps its users. */
  enum Keeps {
    /** A set of mount IDs: rclone. */
    IDS,
    /** One counter in memory for all clients. */
    COUNT,
    /** Not at all: the first Unmount unmounts. */
    NOTHING
  }

  /** How a driver is called. */
  enum Transport {
    /** A socket: a connection ends with the agent, the request may go on. */
    SOCKET,
    /** dvdcli: no mount ID on the wire, and its process outlives the agent. */
    PROGRAM,
    /** mount(2) of the module itself, in a thread that may outlive the agent in the kernel. */
    OURSELVES
  }

  /** When a driver names a volume's path. */
  enum PathNamed {
    ALWAYS,
    WHEN_MOUNTED,
    NEVER
  }

  /** Whether its mounts are mount(2) and umount2(2) of the agent, as those of {@code local}. */
  boolean own() {
    return transport == Transport.OURSELVES;
  }

  static Habits of(Choices choices) {
    Keeps keeps = Keeps.values()[choices.below(3)];
    Transport transport =
        switch (choices.below(8)) {
          case 6 -> Transport.PROGRAM;
          case 7 -> Transport.OURSELVES;
          default -> Transport.SOCKET;
        };
    if (transport == Transport.OURSELVES) {
      return new Habits(
          Keeps.NOTHING,
          transport,
          false,
          PathNamed.ALWAYS,
          choices.below(2) == 0,
          false,
          choices.below(4) == 1,
          choices.below(2) == 0,
          false,
          false);
    }
    boolean account = keeps == Keeps.IDS && transport == Transport.SOCKET && choices.below(2) == 0;
    return new Habits(
        keeps,
        transport,
        account,
        PathNamed.values()[choices.below(3)],
        choices.below(2) == 0,
        choices.below(4) == 1,
        keeps == Keeps.NOTHING && choices.below(4) == 1,
        choices.below(2) == 1,
        choices.below(4) == 1,
        keeps == Keeps.COUNT && choices.below(2) == 1);
  }
}
