// SPDX-License-Identifier: Apache-2.0
package io.dvdi.cli;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.dvdi.volume.VolumeRequest;
import java.util.List;

/** Plans for a program to read. */
final class PlanJson {
  private PlanJson() {}

  static ArrayNode of(List<Plan> plans) {
    ArrayNode array = JsonNodeFactory.instance.arrayNode();
    for (Plan plan : plans) {
      ObjectNode app = array.addObject().put("app", plan.app().toString());
      ArrayNode volumes = app.putArray("volumes");
      plan.volumes().forEach(volume -> add(volumes.addObject(), volume));
    }
    return array;
  }

  private static void add(ObjectNode node, VolumeRequest volume) {
    node.put("name", volume.id().name());
    node.put("driver", volume.id().driver());
    Plan.path(volume).ifPresent(path -> node.put("path", path));
    Plan.variable(volume).ifPresent(variable -> node.put("variable", variable));
    node.put("mode", Plan.mode(volume));
    node.put("must_exist", volume.mustExist());
    ObjectNode options = node.putObject("options");
    ShownOptions.of(volume.options()).forEach(options::put);
  }
}
