// SPDX-License-Identifier: Apache-2.0
package io.dvdi.isolator;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Tasks that request volumes with variables, as those of mesos-module-dvdi do. */
abstract class PredecessorFixture extends RunningIsolator {
  Container task(String id, String... namesAndValues) {
    List<Map.Entry<String, String>> environment = new ArrayList<>();
    for (int i = 0; i < namesAndValues.length; i += 2) {
      environment.add(Map.entry(namesAndValues[i], namesAndValues[i + 1]));
    }
    return host.container(id, environment);
  }

  Launch launch(String id, String... namesAndValues) {
    return IsolatorFixture.success(host.isolator.prepare(task(id, namesAndValues)));
  }
}
