// SPDX-License-Identifier: Apache-2.0
package io.dvdi.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeType;
import io.dvdi.marathon.InvalidAppException;
import io.dvdi.marathon.Json;
import java.io.IOException;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The isolator in a file of the form that mesos-agent's --modules takes. */
final class ModulesFile {
  /** The second one is what mesos-module-dvdi had before it was renamed. */
  private static final String NAME = "com_emccode_mesos_DockerVolumeDriverIsolator";

  private static final String OLD_NAME = "com_emc_mesos_DockerVolumeDriverIsolator";

  /** A value, and where it stands. */
  private record Place(String where, JsonNode node) {}

  private final String file;
  private @Nullable Place library;
  private @Nullable Place module;
  private List<Map.Entry<String, String>> parameters = List.of();

  private ModulesFile(String file) {
    this.file = file;
  }

  /** Reads a file; empty if it does not name the isolator. */
  static Optional<ModulesFile> read(String file) {
    JsonNode root;
    try {
      root = Json.parse(AppFile.read(file));
    } catch (InvalidAppException e) {
      throw new InvalidModulesException(file + ": " + e.getMessage());
    } catch (IOException e) {
      throw new InvalidModulesException(file + ": cannot be read: " + AppFile.reason(e));
    }
    ModulesFile found = new ModulesFile(file);
    found.find(object(new Place(file, root)));
    return found.module == null ? Optional.empty() : Optional.of(found);
  }

  private void find(Place root) {
    for (Place nextLibrary : elements(root, "libraries", ": libraries")) {
      for (Place next : elements(object(nextLibrary), "modules", ".modules")) {
        if (!Set.of(NAME, OLD_NAME).contains(text(object(next), "name"))) {
          continue;
        }
        if (module != null) {
          throw new InvalidModulesException(
              "%s: %s and %s both name the isolator; leave one of them out"
                  .formatted(file, module.where(), next.where()));
        }
        library = nextLibrary;
        module = next;
        parameters = parameters(next);
      }
    }
  }

  private static List<Map.Entry<String, String>> parameters(Place module) {
    List<Map.Entry<String, String>> parameters = new ArrayList<>();
    for (Place parameter : elements(module, "parameters", ".parameters")) {
      parameters.add(Map.entry(text(object(parameter), "key"), text(parameter, "value")));
    }
    return List.copyOf(parameters);
  }

  List<Map.Entry<String, String>> parameters() {
    return parameters;
  }

  /** The isolator's parameter default_driver, if it is set. */
  Optional<String> defaultDriver() {
    return parameters.stream()
        .filter(parameter -> parameter.getKey().equals("default_driver"))
        .map(Map.Entry::getValue)
        .findFirst();
  }

  /** The isolator's library: a path, or a name that the dynamic linker looks for. */
  String library() {
    Place place = Objects.requireNonNull(library);
    Optional<String> path = find(place, "file");
    if (path.isPresent()) {
      try {
        // The dynamic linker would look for a name without a slash in the system's folders.
        return Path.of(path.get()).toRealPath().toString();
      } catch (IOException | InvalidPathException e) {
        String why = e instanceof IOException cause ? AppFile.reason(cause) : "no such file";
        throw new InvalidModulesException(
            "%s: the library '%s' cannot be found: %s; correct the key \"file\""
                .formatted(place.where(), path.get(), why));
      }
    }
    String name = find(place, "name").orElse("");
    if (name.isEmpty() || name.contains("/")) {
      throw new InvalidModulesException(
          "%s: give the key \"file\", the path of the library, or \"name\", its name without \"lib\" and \".so\""
              .formatted(place.where()));
    }
    return "lib" + name + ".so";
  }

  /** For a file that names no isolator where one is needed. */
  static InvalidModulesException withoutIsolator(String file) {
    return new InvalidModulesException(
        "%s: no library has a module with the name %s (or %s); add one, as in modules.json.example"
            .formatted(file, NAME, OLD_NAME));
  }

  private static Place object(Place place) {
    if (!place.node().isObject()) {
      throw new InvalidModulesException(
          "%s is %s; it has to be an object".formatted(place.where(), kind(place.node())));
    }
    return place;
  }

  private static List<Place> elements(Place object, String key, String suffix) {
    List<Place> elements = new ArrayList<>();
    value(object, key, JsonNodeType.ARRAY, "an array")
        .ifPresent(
            array ->
                array.forEach(
                    element ->
                        elements.add(
                            new Place(
                                "%s%s[%d]".formatted(object.where(), suffix, elements.size()),
                                element))));
    return elements;
  }

  private static String text(Place object, String key) {
    return find(object, key)
        .orElseThrow(
            () ->
                new InvalidModulesException(
                    "%s: the key \"%s\" is missing; it has to be a string"
                        .formatted(object.where(), key)));
  }

  private static Optional<String> find(Place object, String key) {
    Optional<String> text =
        value(object, key, JsonNodeType.STRING, "a string").map(JsonNode::textValue);
    if (text.filter(found -> found.indexOf('\0') >= 0).isPresent()) {
      throw new InvalidModulesException(
          "%s: the key \"%s\" has a NUL character (\\u0000) in it; remove it"
              .formatted(object.where(), key));
    }
    return text;
  }

  /** Null counts as absent. */
  private static Optional<JsonNode> value(
      Place object, String key, JsonNodeType type, String wanted) {
    JsonNode value = object.node().path(key);
    if (value.isMissingNode() || value.isNull()) {
      return Optional.empty();
    }
    if (value.getNodeType() != type) {
      throw new InvalidModulesException(
          "%s: the key \"%s\" is %s; it has to be %s"
              .formatted(object.where(), key, kind(value), wanted));
    }
    return Optional.of(value);
  }

  /** Not the value itself: it may be a secret. */
  private static String kind(JsonNode node) {
    return switch (node.getNodeType()) {
      case OBJECT -> "an object";
      case ARRAY -> "an array";
      case STRING -> "a string";
      case NUMBER -> "a number";
      case BOOLEAN -> "true or false";
      default -> "null";
    };
  }
}
