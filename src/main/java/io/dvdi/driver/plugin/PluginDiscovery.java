// SPDX-License-Identifier: Apache-2.0
package io.dvdi.driver.plugin;

import io.dvdi.linux.PrivateFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * Finds plugins by name, in Docker's order: managed plugins, sockets, .spec and .json files (see
 * Get in moby's plugin/store.go and Plugin in pkg/plugins/discovery.go). Looks anew each time, as
 * plugins come and go.
 */
public final class PluginDiscovery {
  private static final int LARGEST_SPEC = 64 * 1024;

  /** The file type in st_mode, see inode(7). */
  private static final int TYPE = 0170000;

  private static final int SOCKET = 0140000;

  /**
   * By its id a managed plugin would be reached around its name, and so around what is allowed and
   * who holds what.
   */
  private static final Pattern MANAGED_ID = Pattern.compile("[0-9a-f]{64}(/.*)?");

  private final PluginFolders folders;
  private final ManagedPlugins managed;

  public PluginDiscovery(PluginFolders folders) {
    this.folders = folders;
    this.managed = new ManagedPlugins(folders);
  }

  /** Whether there is a plugin of that name, working or not. */
  public boolean has(String name) {
    try {
      return find(name).isPresent();
    } catch (NotReachedException e) {
      return true;
    }
  }

  /** Where a plugin of that name would be found, for messages. */
  public String places(String name) {
    List<String> files = new ArrayList<>();
    for (Path folder : folders.specs()) {
      for (String suffix : List.of(".spec", ".json")) {
        paths(folder, name, suffix).forEach(path -> files.add(path.toString()));
      }
    }
    return "sockets %s; files %s; managed plugins in %s"
        .formatted(
            String.join(
                ", ",
                paths(folders.sockets(), name, ".sock").stream().map(Path::toString).toList()),
            String.join(", ", files),
            folders.managed());
  }

  /**
   * Finds the plugin of that name.
   *
   * @throws NotReachedException if there is a file for it that cannot be used
   */
  Optional<Plugin> find(String name) throws NotReachedException {
    if (!isInside(name)) {
      return Optional.empty();
    }
    Optional<Plugin> found = managed.find(name);
    if (found.isPresent()) {
      return found;
    }
    for (Path socket : paths(folders.sockets(), name, ".sock")) {
      if (isSocket(socket)) {
        return Optional.of(new Plugin(new PluginAddress.Unix(socket), Optional.empty()));
      }
    }
    for (Path folder : folders.specs()) {
      for (String suffix : List.of(".spec", ".json")) {
        for (Path file : paths(folder, name, suffix)) {
          if (Files.exists(file)) {
            return Optional.of(described(file, suffix));
          }
        }
      }
    }
    return Optional.empty();
  }

  /** Names have been checked; but here one becomes a path, and this is the last place to look. */
  private static boolean isInside(String name) {
    for (String part : name.split("/", -1)) {
      if (part.isEmpty() || part.startsWith(".")) {
        return false;
      }
    }
    return !MANAGED_ID.matcher(name).matches();
  }

  private static List<Path> paths(Path folder, String name, String suffix) {
    return List.of(folder.resolve(name + suffix), folder.resolve(name).resolve(name + suffix));
  }

  private static boolean isSocket(Path path) {
    try {
      return ((Integer) Files.getAttribute(path, "unix:mode") & TYPE) == SOCKET;
    } catch (IOException e) {
      return false;
    }
  }

  private static Plugin described(Path file, String suffix) throws NotReachedException {
    try {
      if (Files.size(file) > LARGEST_SPEC) {
        throw new SpecException("is larger than 64 KiB, the maximum for such a file");
      }
      PluginAddress address =
          suffix.equals(".json")
              ? SpecFile.json(PrivateFile.content(file))
              : PluginAddress.parse(Files.readString(file).strip(), Optional.empty());
      return new Plugin(address, Optional.empty());
    } catch (SpecException e) {
      throw new NotReachedException("its plugin's file %s %s".formatted(file, e.getMessage()), e);
    } catch (IOException e) {
      throw new NotReachedException(
          "its plugin's file %s cannot be read: %s".formatted(file, e), e);
    }
  }
}
