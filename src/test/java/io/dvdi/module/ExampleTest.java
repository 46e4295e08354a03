// SPDX-License-Identifier: Apache-2.0
package io.dvdi.module;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.File;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** modules.json.example is what an operator starts from. */
class ExampleTest {
  @Test
  void everyParameterStandsThereWithItsDefault() throws IOException {
    Map<String, String> expected = new LinkedHashMap<>();
    for (Parameter parameter : Parameter.values()) {
      expected.put(parameter.key(), parameter.byDefault());
    }
    expected.put("default_options.local", "");
    JsonNode module =
        new ObjectMapper().readTree(new File("modules.json.example")).at("/libraries/0/modules/0");
    Map<String, String> actual = new LinkedHashMap<>();
    for (JsonNode parameter : module.required("parameters")) {
      actual.put(parameter.required("key").textValue(), parameter.required("value").textValue());
    }
    assertEquals(expected, actual);
    assertEquals(
        "com_emccode_mesos_DockerVolumeDriverIsolator", module.required("name").textValue());
  }
}
