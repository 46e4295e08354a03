// SPDX-License-Identifier: Apache-2.0
package io.dvdi.marathon;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Map;

/** Apps as text, for tests. In all of it ' stands for ". */
final class AppText {
  /** The external of a volume that has nothing wrong. */
  static final String EXTERNAL = "'provider': 'dvdi', 'name': 'v', 'options': {'dvdi/driver': 'd'}";

  private AppText() {}

  static App read(VolumeForm form, String text) {
    return AppReader.read(text.replace('\'', '"').getBytes(UTF_8), form);
  }

  static App read(String text) {
    return read(VolumeForm.DOCKER_VOLUMES, text);
  }

  /** An app that has nothing wrong, with further fields. */
  static String app(String fields) {
    return "{'id': 'a', 'cmd': 'true'" + (fields.isEmpty() ? "" : ", " + fields) + "}";
  }

  /** An app with volumes in its container. */
  static String volumes(String... volumes) {
    return app("'container': {'type': 'MESOS', 'volumes': [" + String.join(", ", volumes) + "]}");
  }

  /** A volume with this external. */
  static String volume(String external) {
    return "{'containerPath': 'data', 'mode': 'RW', 'external': {" + external + "}}";
  }

  /** A volume with this name. */
  static String named(String name) {
    return volume(
        "'provider': 'dvdi', 'name': '%s', 'options': {'dvdi/driver': 'd'}".formatted(name));
  }

  /** A volume with these options beside the driver. */
  static String options(String driver, String options) {
    return volume(
        "'provider': 'dvdi', 'name': 'v', 'options': {'dvdi/driver': '%s', %s}"
            .formatted(driver, options));
  }

  static String messageOf(VolumeForm form, String text) {
    return String.valueOf(
        assertThrows(InvalidAppException.class, () -> Task.of(read(form, text), form))
            .getMessage());
  }

  static String messageOf(String text) {
    return messageOf(VolumeForm.DOCKER_VOLUMES, text);
  }

  static void assertRefused(String text, String... parts) {
    assertHas(messageOf(text), parts);
  }

  static void assertHas(String message, String... parts) {
    for (String part : parts) {
      assertTrue(message.contains(part), () -> "no '" + part + "' in: " + message);
    }
  }

  /** The variables of the task, each as name=value. */
  static List<String> environment(Task task) {
    return task.environment().stream().map(AppText::joined).toList();
  }

  static String joined(Map.Entry<String, String> entry) {
    return entry.getKey() + "=" + entry.getValue();
  }
}
