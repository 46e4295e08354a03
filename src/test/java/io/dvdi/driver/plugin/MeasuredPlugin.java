// SPDX-License-Identifier: Apache-2.0
package io.dvdi.driver.plugin;

import static io.dvdi.driver.plugin.StandInPlugin.chunked;
import static io.dvdi.driver.plugin.StandInPlugin.json;
import static io.dvdi.driver.plugin.StandInPlugin.reply;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.dvdi.driver.plugin.StandInPlugin.Request;
import io.dvdi.testing.MountTable;
import io.dvdi.testing.RealMounts;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A plugin with the memory, the habits and the mounts of one that was measured. A volume is a
 * folder of a file system of its own, bound to its mountpoint.
 */
public final class MeasuredPlugin implements AutoCloseable {
  /** Six plugins in use. None does as another. */
  public enum Kind {
    /** Keeps IDs, and refuses one that it has seen. */
    RCLONE,
    /**
     * File systems on loop devices. Create formats, also what exists; an ID that it knows, or none,
     * mounts nothing and gives no mountpoint.
     */
    LOOP,
    /** Counts users in memory, and answers in chunks. */
    SSH,
    /** Counts users in memory, and gives a folder inside of what it mounted. */
    ORCHESTRATOR,
    /** Plain directories; counts nobody; each error has status 200 and is text/plain. */
    DIRECTORY,
    /** Plain directories; each answer has all fields, empty. */
    STRUCT;

    public boolean isPlain() {
      return this == DIRECTORY || this == STRUCT;
    }
  }

  private static final String OTHER = "somebody-else";
  private static final ObjectMapper JSON = new ObjectMapper();

  private final StandInPlugin plugin;
  private final Path store;
  private final Path root;
  private final Map<String, Users> volumes = new TreeMap<>();
  private final Set<String> busy = new HashSet<>();
  private volatile Kind kind;
  private final Set<String> joined = new HashSet<>();

  /** What a Mount waits for. */
  public volatile CountDownLatch mountWaits = new CountDownLatch(0);

  /** What a client must never do to this plugin, as far as that happened. */
  public final List<String> faults = new CopyOnWriteArrayList<>();

  /** Those that the plugin believes to use a volume. */
  private static final class Users {
    final Set<String> ids = new HashSet<>();
    int count;
  }

  /**
   * @param store an empty file system of its own, and so no part of the host's
   * @param root where volumes are mounted
   */
  public MeasuredPlugin(Kind kind, Path socket, Path store, Path root) throws IOException {
    this.kind = kind;
    this.store = store;
    this.root = root;
    this.plugin = new StandInPlugin(socket);
    for (String method : List.of("Create", "Mount", "Unmount", "Get", "List", "Path", "Remove")) {
      plugin.on(method, this::answer);
    }
  }

  /** From now on, and before its first volume. */
  public void behaveAs(Kind other) {
    kind = other;
  }

  public StandInPlugin wire() {
    return plugin;
  }

  /** The files of a volume, also while it is not mounted. */
  public Path files(String volume) {
    return store.resolve(volume);
  }

  /** What a restart leaves of a plugin that keeps its users in memory. */
  public synchronized void forgetUsers() {
    volumes.replaceAll((name, users) -> new Users());
  }

  /** Somebody else uses the volume too, as soon as it is mounted. */
  public synchronized void joinAtFirstMount(String volume) {
    joined.add(volume);
  }

  /** That one ends. */
  public synchronized void otherLeaves(String volume) throws IOException, InterruptedException {
    byte[] unused = unmount(volume, Objects.requireNonNull(volumes.get(volume)), OTHER);
  }

  private void answer(Request request, OutputStream out) throws IOException, InterruptedException {
    String name = StandInPlugin.name(request);
    if (!name.isEmpty()) {
      enter(name);
    }
    byte[] answer;
    try {
      if (request.method().equals("Mount")) {
        mountWaits.await();
      }
      answer = answer(request.method(), name, request.body().path("ID").asText());
    } finally {
      leave(name);
    }
    // Only now: a client that has its answer may call again at once.
    out.write(answer);
  }

  private synchronized void enter(String volume) {
    if (!busy.add(volume)) {
      faults.add("two calls at once for " + volume);
    }
  }

  private synchronized void leave(String volume) {
    busy.remove(volume);
  }

  private synchronized byte[] answer(String method, String name, String id)
      throws IOException, InterruptedException {
    Users users = volumes.get(name);
    if (method.equals("Create")) {
      return create(name, users);
    }
    if (method.equals("List")) {
      return list();
    }
    if (users == null) {
      return kind == Kind.STRUCT && method.equals("Mount")
          ? good(Map.of())
          : bad("volume not found");
    }
    return switch (method) {
      case "Mount" -> mount(name, users, id);
      case "Unmount" -> unmount(name, users, id);
      case "Get" -> get(name);
      default -> reply(404, "text/plain", "404 page not found\n");
    };
  }

  private byte[] create(String name, @Nullable Users users) throws IOException {
    if (users != null) {
      faults.add("Create of " + name + ", which exists");
      if (kind == Kind.RCLONE || kind == Kind.STRUCT) {
        return bad("volume already exists");
      }
    }
    Path files = Files.createDirectories(store.resolve(name));
    if (users != null && kind == Kind.LOOP) {
      try (Stream<Path> formatted = Files.list(files)) {
        for (Path file : formatted.toList()) {
          Files.delete(file);
        }
      }
    }
    volumes.putIfAbsent(name, new Users());
    Files.createDirectories(mountpoint(name));
    return good(Map.of());
  }

  private byte[] mount(String name, Users users, String id)
      throws IOException, InterruptedException {
    boolean first = users.ids.isEmpty() && users.count == 0;
    switch (kind) {
      case RCLONE, LOOP -> {
        if (id.isEmpty() || !users.ids.add(id)) {
          return kind == Kind.LOOP ? good(Map.of()) : bad("already mounted by this id");
        }
      }
      default -> users.count++;
    }
    if (first && !kind.isPlain()) {
      if (isMounted(name)) {
        faults.add("a second mount of " + name + " over the first");
      }
      Path target = kind == Kind.ORCHESTRATOR ? root.resolve(name) : mountpoint(name);
      RealMounts.run("mount", "--bind", files(name).toString(), target.toString());
      if (kind == Kind.ORCHESTRATOR) {
        Files.createDirectories(mountpoint(name));
      }
    }
    if (joined.remove(name)) {
      byte[] unused = mount(name, users, OTHER);
    }
    return good(Map.of("Mountpoint", mountpoint(name).toString()));
  }

  private byte[] unmount(String name, Users users, String id)
      throws IOException, InterruptedException {
    switch (kind) {
      case RCLONE, LOOP -> {
        if (!users.ids.remove(id)) {
          return bad("not mounted by this id");
        }
      }
      case SSH, ORCHESTRATOR -> {
        if (users.count == 0) {
          return bad("volume is not mounted");
        }
        users.count--;
      }
      default -> users.count = 0;
    }
    if (users.ids.isEmpty() && users.count == 0 && isMounted(name)) {
      RealMounts.run("umount", mountOf(name).toString());
    }
    return good(Map.of());
  }

  private byte[] get(String name) throws IOException {
    Map<String, Object> volume = new TreeMap<>();
    volume.put("Name", name);
    // Where each says that a volume is that is not mounted.
    if (isMounted(name) || kind != Kind.DIRECTORY) {
      boolean untold = kind == Kind.ORCHESTRATOR && !isMounted(name);
      volume.put("Mountpoint", untold ? "" : mountpoint(name).toString());
    }
    return good(Map.of("Volume", volume));
  }

  private byte[] list() throws IOException {
    if (!volumes.isEmpty()) {
      return good(
          Map.of("Volumes", volumes.keySet().stream().map(name -> Map.of("Name", name)).toList()));
    }
    return switch (kind) {
      case SSH -> json(200, "{\"Volumes\":null}");
      case DIRECTORY, STRUCT -> good(Map.of());
      default -> good(Map.of("Volumes", List.of()));
    };
  }

  private Path mountpoint(String name) {
    if (kind.isPlain()) {
      return files(name);
    }
    return kind == Kind.ORCHESTRATOR ? root.resolve(name).resolve("data") : root.resolve(name);
  }

  private Path mountOf(String name) {
    return root.resolve(name);
  }

  public boolean isMounted(String name) throws IOException {
    return MountTable.at(mountOf(name)).isPresent();
  }

  private byte[] good(Map<String, Object> fields) throws IOException {
    String text = body(fields);
    return switch (kind) {
      case SSH -> chunked(text);
      case DIRECTORY -> reply(200, "text/plain; charset=utf-8", text);
      default -> json(200, text);
    };
  }

  private byte[] bad(String words) throws IOException {
    String text = body(Map.of("Err", words));
    return kind == Kind.DIRECTORY ? reply(200, "text/plain; charset=utf-8", text) : json(500, text);
  }

  private String body(Map<String, Object> fields) throws IOException {
    Map<String, Object> all = new HashMap<>();
    if (kind == Kind.STRUCT) {
      all.putAll(Map.of("Mountpoint", "", "Err", "", "Capabilities", Map.of("Scope", "")));
      all.put("Volumes", null);
      all.put("Volume", null);
    }
    all.putAll(fields);
    ObjectNode tree = JSON.valueToTree(all);
    return JSON.writeValueAsString(tree);
  }

  @Override
  public void close() throws IOException {
    plugin.close();
  }
}
