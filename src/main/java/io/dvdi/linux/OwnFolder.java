// SPDX-License-Identifier: Apache-2.0
package io.dvdi.linux;

import io.dvdi.bindings.libc.libc_h;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Map;
import java.util.Objects;
import java.util.Set;

/**
 * Folders in which only root can change anything, since what is read there is acted upon as root.
 * The messages say which folder is not such a one, and what to change.
 */
public final class OwnFolder {
  private static final int LONGEST_CHAIN = 40; // of links, as in the kernel

  private static final Set<PosixFilePermission> PRIVATE =
      PosixFilePermissions.fromString("rwx------");

  private static final Set<PosixFilePermission> FORMER =
      PosixFilePermissions.fromString("rwx--x--x");

  private OwnFolder() {}

  /**
   * Creates a folder and what is missing above it, accessible by nobody else. The mode of a folder
   * that is there does not change.
   *
   * @throws IOException if anybody but root can write to it, or replace it or a folder above it
   */
  public static void create(Path folder) throws IOException {
    check(folder);
    Files.createDirectories(folder, PosixFilePermissions.asFileAttribute(PRIVATE));
    check(folder);
  }

  /** Takes all rights on a folder from others: they cannot go through it. */
  public static void close(Path folder) throws IOException {
    if (!Files.getPosixFilePermissions(folder, LinkOption.NOFOLLOW_LINKS).equals(PRIVATE)) {
      Files.setPosixFilePermissions(folder, PRIVATE);
    }
  }

  /** Closes a folder if it has the mode with which version 0.1.0 created it. */
  public static void closeFormer(Path folder) throws IOException {
    if (Files.getPosixFilePermissions(folder, LinkOption.NOFOLLOW_LINKS).equals(FORMER)) {
      Files.setPosixFilePermissions(folder, PRIVATE);
    }
  }

  /**
   * Checks a folder and all folders above it, as far as they exist.
   *
   * @param folder absolute
   * @throws IOException if anybody but root can write to it, or replace it or a folder above it
   */
  public static void check(Path folder) throws IOException {
    Deque<Path> rest = new ArrayDeque<>();
    folder.forEach(rest::add);
    Path at = folder.getRoot();
    int links = 0;
    checkEntry(folder, at, false);
    while (!rest.isEmpty()) {
      Path name = rest.removeFirst();
      if (name.toString().equals(".") || name.toString().equals("..")) {
        at = at.resolve(name).normalize(); // no part of it is a link
        continue;
      }
      Path next = at.resolve(name);
      if (!Files.exists(next, LinkOption.NOFOLLOW_LINKS)) {
        at = next; // root will create it, and dots may lead to what exists
        continue;
      }
      boolean last = rest.isEmpty();
      checkEntry(folder, next, last);
      if (!Files.isSymbolicLink(next)) {
        at = next;
        continue;
      }
      if (last || ++links > LONGEST_CHAIN) {
        throw new IOException(next + " is a symbolic link; name the folder to which it points");
      }
      Path target = Files.readSymbolicLink(next);
      at = target.isAbsolute() ? folder.getRoot() : at;
      for (int i = target.getNameCount() - 1; i >= 0; i--) {
        rest.addFirst(target.getName(i));
      }
    }
  }

  private static void checkEntry(Path folder, Path entry, boolean last) throws IOException {
    Map<String, Object> status;
    try {
      status = Files.readAttributes(entry, "unix:uid,gid,mode", LinkOption.NOFOLLOW_LINKS);
    } catch (NoSuchFileException e) {
      return; // Whoever has removed it could write above it, or is root.
    }
    int mode = (int) Objects.requireNonNull(status.get("mode"));
    int type = mode & libc_h.S_IFMT();
    boolean link = type == libc_h.S_IFLNK();
    if (!link && type != libc_h.S_IFDIR()) {
      throw new IOException(entry + " is a file; name a folder");
    }
    // Everybody may create files in /tmp, but not replace those of others (inode(7)).
    boolean sticky = (mode & libc_h.S_ISVTX()) != 0 && !last;
    boolean othersWrite =
        (mode & libc_h.S_IWOTH()) != 0
            || ((mode & libc_h.S_IWGRP()) != 0 && !Objects.equals(status.get("gid"), 0));
    if (Objects.equals(status.get("uid"), 0) && (link || sticky || !othersWrite)) {
      return;
    }
    throw new IOException(
        "%s (%s %s) %s, and root acts on the files there; let it belong to root and be writable by root alone, or choose a folder that is, also above it"
            .formatted(
                entry,
                Files.getOwner(entry, LinkOption.NOFOLLOW_LINKS).getName(),
                PosixFilePermissions.toString(
                    Files.getPosixFilePermissions(entry, LinkOption.NOFOLLOW_LINKS)),
                entry.equals(folder)
                    ? "can be changed by others"
                    : "is on the path to %s, which others can thus replace".formatted(folder)));
  }
}
