// SPDX-License-Identifier: Apache-2.0
package io.dvdi.plugin;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Volumes, who uses them, and their mounts. A volume is a folder of a tmpfs, which outlives the
 * plugin's process, and is bound to its mountpoint. Thread-safe.
 */
final class VolumeStore {
  private final Habits habits;
  private final Path files;
  private final Path mounts;

  /**
   * Those who use a volume, in the order in which they came. Of a counter, the names do not count.
   */
  private final Map<String, List<String>> users = new TreeMap<>();

  VolumeStore(Habits habits, Path root) throws IOException {
    this.habits = habits;
    files = Files.createDirectories(root.resolve("files"));
    mounts = Files.createDirectories(root.resolve("mounts"));
    if (!MountProgram.isMountpoint(files)) {
      MountProgram.run("mount", "-t", "tmpfs", "-o", "size=16m", "tmpfs", files.toString());
    }
  }

  /** Unmounts all volumes, also those in use. */
  synchronized void unmountAll() throws IOException {
    for (Path at : MountProgram.under(mounts).reversed()) {
      MountProgram.run("umount", "--lazy", at.toString());
    }
    MountProgram.run("umount", "--lazy", files.toString());
  }

  synchronized Reply call(String method, String name, String id) throws IOException {
    String volume = known(name);
    if (volume == null && !method.equals("Create") && !method.equals("List")) {
      return Reply.bad("volume not found");
    }
    return switch (method) {
      case "Create" -> create(name, volume);
      case "List" ->
          Reply.good(Map.of("Volumes", names().stream().map(it -> described(it, it)).toList()));
      case "Get" -> Reply.good(Map.of("Volume", described(String.valueOf(volume), name)));
      case "Path" -> path(String.valueOf(volume));
      case "Remove" -> Reply.bad("this plugin removes nothing");
      case "Mount" -> mount(String.valueOf(volume), id);
      case "Unmount" -> unmount(String.valueOf(volume), id);
      default -> new Reply(404, Map.of("Err", "no such method"));
    };
  }

  /** The volume that this name means: itself, an alias, or another spelling. */
  private @Nullable String known(String name) throws IOException {
    String meant = habits.aliases().getOrDefault(name, name);
    return names().stream()
        .filter(
            it ->
                habits.has(Habits.Flag.IGNORE_CASE) ? it.equalsIgnoreCase(meant) : it.equals(meant))
        .findFirst()
        .orElse(null);
  }

  private List<String> names() throws IOException {
    try (Stream<Path> folders = Files.list(files)) {
      return folders.map(folder -> String.valueOf(folder.getFileName())).sorted().toList();
    }
  }

  private Reply create(String name, @Nullable String volume) throws IOException {
    if (volume != null) {
      return Reply.bad("volume already exists");
    }
    if (name.isEmpty() || name.contains("/")) {
      return Reply.bad("a name is not empty and has no '/'");
    }
    Files.createDirectory(files.resolve(name));
    if (habits.below().isPresent()) {
      Files.createDirectories(files.resolve(name).resolve(habits.below().get()));
    }
    return Reply.good(Map.of());
  }

  private Map<String, Object> described(String volume, String asked) {
    String name = habits.has(Habits.Flag.ECHO_NAMES) ? asked : volume;
    Map<String, Object> fields = new TreeMap<>(Map.of("Name", name));
    boolean named =
        switch (habits.path()) {
          case ALWAYS -> true;
          case MOUNTED -> isMounted(volume);
          case NEVER -> false;
        };
    if (named) {
      fields.put("Mountpoint", mountpoint(volume).toString());
    }
    if (habits.has(Habits.Flag.ACCOUNT)) {
      fields.put("Status", Map.of("Mounts", users(volume)));
    }
    return fields;
  }

  private Reply path(String volume) {
    Object path = described(volume, volume).get("Mountpoint");
    return path == null
        ? Reply.bad("volume is not mounted")
        : Reply.good(Map.of("Mountpoint", path));
  }

  private Reply mount(String volume, String id) throws IOException {
    List<String> all = users.computeIfAbsent(volume, name -> new ArrayList<>());
    if (habits.users() == Habits.Users.IDS && all.contains(id)) {
      return Reply.bad("volume is already mounted by this id");
    }
    if (all.isEmpty() && (habits.users() != Habits.Users.NONE || !isMounted(volume))) {
      if (isMounted(volume) && habits.again() == Habits.Again.REFUSE) {
        return Reply.bad("something is mounted at its mountpoint already");
      }
      if (!isMounted(volume) || habits.again() == Habits.Again.STACK) {
        Path at = Files.createDirectories(mounts.resolve(volume));
        String options = habits.has(Habits.Flag.READ_ONLY) ? "bind,ro" : "bind";
        MountProgram.run("mount", "-o", options, files.resolve(volume).toString(), at.toString());
      }
    }
    if (habits.users() != Habits.Users.NONE) {
      all.add(id);
    }
    return Reply.good(Map.of("Mountpoint", mountpoint(volume).toString()));
  }

  private Reply unmount(String volume, String id) {
    List<String> all = users.getOrDefault(volume, new ArrayList<>());
    switch (habits.users()) {
      case IDS -> {
        if (!all.remove(id)) {
          return Reply.bad(
              all.isEmpty() ? "volume is not mounted" : "volume is not mounted by this id");
        }
      }
      case COUNT -> {
        if (all.isEmpty()) {
          return Reply.bad("volume is not mounted");
        }
        all.removeFirst();
      }
      case NONE -> all.clear();
    }
    if (all.isEmpty() && isMounted(volume)) {
      try {
        MountProgram.run("umount", mounts.resolve(volume).toString());
      } catch (IOException e) {
        return Reply.bad(String.valueOf(e.getMessage()));
      }
    }
    return Reply.good(Map.of());
  }

  /** Takes a user off, as rclone does before an unmount that then fails. */
  synchronized void forget(String name, String id) throws IOException {
    String volume = known(name);
    if (volume != null) {
      boolean unused = users.getOrDefault(volume, new ArrayList<>()).remove(id);
    }
  }

  /** As after a restart of a plugin that keeps its users in memory. */
  synchronized void forgetAll() {
    users.clear();
  }

  synchronized List<String> users(String volume) {
    return List.copyOf(users.getOrDefault(volume, List.of()));
  }

  Path mountpoint(String volume) {
    Path at = mounts.resolve(volume);
    return habits.below().map(at::resolve).orElse(at);
  }

  private boolean isMounted(String volume) {
    try {
      return MountProgram.isMountpoint(mounts.resolve(volume));
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }
}
