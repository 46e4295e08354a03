// SPDX-License-Identifier: Apache-2.0
package io.dvdi.driver.plugin;

import com.fasterxml.jackson.databind.JsonNode;
import io.dvdi.linux.PrivateFile;
import java.io.IOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Optional;

/**
 * Plugins that Docker runs itself ({@code docker plugin install}). A file {@code <id>/config.json}
 * says a plugin's name, and where in {@code <sockets>/<id>/} its socket is, see moby's plugin/v2.
 */
final class ManagedPlugins {
  private final PluginFolders folders;

  ManagedPlugins(PluginFolders folders) {
    this.folders = folders;
  }

  Optional<Plugin> find(String name) {
    if (!Files.isDirectory(folders.managed())) {
      return Optional.empty();
    }
    String wanted = reference(name);
    try (DirectoryStream<Path> all = Files.newDirectoryStream(folders.managed())) {
      for (Path folder : all) {
        Optional<JsonNode> described = describe(folder);
        if (described
            .flatMap(plugin -> Json.text(plugin, "Name"))
            .map(ManagedPlugins::reference)
            .filter(wanted::equals)
            .isPresent()) {
          return described.flatMap(plugin -> plugin(folder, plugin));
        }
      }
    } catch (IOException | DirectoryIteratorException | InvalidPathException e) {
      // Docker is adding or removing one, or has one that cannot be; a name that is not found is
      // looked for again.
    }
    return Optional.empty();
  }

  /**
   * What no file describes is no plugin; the folder has Docker's other files too, and
   * half-installed plugins.
   */
  private static Optional<JsonNode> describe(Path folder) {
    Path file = folder.resolve("config.json");
    if (!Files.isRegularFile(file)) {
      return Optional.empty();
    }
    try {
      return Json.field(Json.read(PrivateFile.content(file)), "plugin");
    } catch (IOException e) {
      return Optional.empty();
    }
  }

  private Optional<Plugin> plugin(Path folder, JsonNode described) {
    JsonNode config = Json.field(described, "Config").orElse(described);
    Optional<String> socket =
        Json.field(config, "Interface").flatMap(face -> Json.text(face, "Socket"));
    return socket
        // It is the author's of the plugin, not Docker's.
        .filter(
            name ->
                !name.isEmpty() && !name.contains("/") && !name.equals("..") && !name.equals("."))
        .map(name -> folders.sockets().resolve(folder.getFileName()).resolve(name))
        .map(
            path ->
                new Plugin(
                    new PluginAddress.Unix(path),
                    Optional.of(
                        new Plugin.Container(
                            folder,
                            Json.text(config, "PropagatedMount")
                                .map(Path::of)
                                .filter(Path::isAbsolute)))));
  }

  /** In full, as Docker completes the name of an image. */
  private static String reference(String name) {
    String full = name;
    for (String prefix : new String[] {"docker.io/", "library/"}) {
      full = full.startsWith(prefix) ? full.substring(prefix.length()) : full;
    }
    return full.indexOf(':', full.lastIndexOf('/') + 1) >= 0 ? full : full + ":latest";
  }
}
