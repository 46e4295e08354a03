// SPDX-License-Identifier: Apache-2.0
package io.dvdi.marathon;

import com.fasterxml.jackson.databind.node.JsonNodeType;
import io.dvdi.volume.Text;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Reads an app as Marathon's {@code POST /v2/apps} takes it. Fields that have no say in volumes are
 * passed over.
 */
public final class AppReader {
  private final JsonField app;
  private final VolumeForm form;
  private final List<String> onlyMesos = new ArrayList<>();
  private final List<String> warnings = new ArrayList<>();

  private AppReader(JsonField app, VolumeForm form) {
    this.app = app;
    this.form = form;
  }

  /**
   * Reads the JSON of one app.
   *
   * @param form whose Marathon's rules are applied
   * @throws InvalidAppException if it is no app, or one that Marathon would refuse
   */
  public static App read(byte[] json, VolumeForm form) {
    return new AppReader(JsonField.root(Json.parse(json)), form).read();
  }

  private App read() {
    AppId id = AppId.of(app.require("id", "the app's name"));
    Optional<Command> command = Command.of(app);
    if (command.isEmpty()) {
      onlyMesos.add(
          "the app has neither cmd nor args, and an image to take its command from needs a Mesos"
              + " agent");
    }
    List<Map.Entry<String, String>> environment = environment();
    app.find("volumes").ifPresent(this::warnOfTopLevelVolumes);
    Optional<JsonField> container = app.find("container").map(JsonField::object);
    container.ifPresent(this::checkContainer);
    List<ExternalVolume> volumes =
        new ExternalVolumes(form, warnings::add)
            .read(container.map(this::externalOf).orElse(List.of()));
    checkInstances(!volumes.isEmpty());
    if (!volumes.isEmpty()) {
      app.find("upgradeStrategy").ifPresent(AppReader::checkUpgrade);
    }
    return new App(
        id,
        command,
        app.find("user").map(JsonField::text),
        environment,
        volumes,
        new App.Remarks(onlyMesos, warnings));
  }

  private List<Map.Entry<String, String>> environment() {
    List<Map.Entry<String, String>> environment = new ArrayList<>();
    Optional<JsonField> env = app.find("env");
    if (env.isPresent()) {
      for (Map.Entry<String, JsonField> variable : env.get().fields()) {
        environment.add(Map.entry(variableName(variable), variableValue(variable.getValue())));
      }
    }
    return environment;
  }

  private static String variableName(Map.Entry<String, JsonField> variable) {
    String name = variable.getKey();
    if (name.isEmpty() || name.indexOf('=') >= 0) {
      throw variable
          .getValue()
          .invalid("is not a variable: its name must not be empty, and must not contain '='");
    }
    return name;
  }

  private static String variableValue(JsonField value) {
    if (value.node().isObject()) {
      throw value.invalid(
          "is an object, which stands for a secret; secrets need a Mesos agent that resolves them,"
              + " so write a string");
    }
    return value.text();
  }

  /**
   * The original example of mesos-module-dvdi has them. No Marathon ever had such a field, or
   * refused it then.
   */
  private void warnOfTopLevelVolumes(JsonField volumes) {
    warnings.add(
        volumes.path()
            + " has no effect: Marathon has no such field; for the volume's path in the task, set"
            + " DVDI_VOLUME_CONTAINERPATH in env, such as \"data\"");
  }

  private void checkContainer(JsonField container) {
    Optional<JsonField> type = container.find("type");
    String value = type.map(JsonField::text).orElse("DOCKER");
    if (value.equals("DOCKER")) {
      throw new InvalidAppException(
          ("container.type is %s; the Docker containerizer calls no isolators, so this module"
               + " cannot mount volumes for its containers; write 'MESOS', which runs Docker images"
               + " too")
              .formatted(
                  type.isPresent() ? "'DOCKER'" : "missing, and Marathon's default is DOCKER"));
    }
    if (!value.equals("MESOS")) {
      throw container
          .require("type", "'MESOS'")
          .invalid("is %s; write 'MESOS'".formatted(Text.quote(value)));
    }
    container.find("docker").map(JsonField::object).ifPresent(this::checkImage);
  }

  private void checkImage(JsonField docker) {
    if (form == VolumeForm.VARIABLES) {
      throw docker.invalid(
          "cannot be combined with the type MESOS in Marathon 1.1, which runs images only with"
              + " DOCKER");
    }
    JsonField image = docker.require("image", "the image's name");
    onlyMesos.add(
        "%s is %s; images need a Mesos agent".formatted(image.path(), Text.quote(image.text())));
  }

  /** The external volumes among those of the container; others are none of this module's. */
  private List<JsonField> externalOf(JsonField container) {
    List<JsonField> external = new ArrayList<>();
    Optional<JsonField> volumes = container.find("volumes");
    if (volumes.isPresent()) {
      for (JsonField volume : volumes.get().elements()) {
        List<String> kinds =
            List.of("external", "hostPath", "persistent", "secret").stream()
                .filter(kind -> volume.object().find(kind).isPresent())
                .toList();
        if (kinds.size() != 1) {
          throw volume.invalid(
              "has %s; a volume has one of external, hostPath, persistent and secret"
                  .formatted(kinds.isEmpty() ? "none of its kinds" : String.join(" and ", kinds)));
        }
        if (kinds.contains("external")) {
          external.add(volume);
        } else {
          onlyMesos.add(
              "%s has %s; volumes that are not external need a Mesos agent"
                  .formatted(volume.path(), kinds.getFirst()));
        }
      }
    }
    return external;
  }

  private void checkInstances(boolean hasVolumes) {
    Optional<JsonField> field = app.find("instances");
    long instances = field.map(JsonField::count).orElse(1L);
    if (instances > 1 && hasVolumes) {
      throw new InvalidAppException(
          "instances is %d; Marathon limits apps with external volumes to 1".formatted(instances));
    }
    if (instances != 1) {
      warnings.add("instances is %d; only one task is considered here".formatted(instances));
    }
  }

  private static void checkUpgrade(JsonField strategy) {
    JsonField capacity =
        strategy.object().require("maximumOverCapacity", "0, since the app has external volumes");
    capacity.expect(JsonNodeType.NUMBER, "0");
    if (capacity.node().doubleValue() != 0) {
      throw capacity.invalid(
          "is %s; an app with external volumes cannot have two instances during an upgrade, so write 0"
              .formatted(Text.quote(capacity.node().asText())));
    }
  }
}
