// SPDX-License-Identifier: Apache-2.0
package io.dvdi.isolator;

import static io.dvdi.isolator.IsolatorFixture.binds;
import static io.dvdi.isolator.IsolatorFixture.success;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** B14. Whether programs with the set-user-ID bit count in a container. */
class SuidDriversTest extends RunningIsolator {
  private List<String> bindsOf(String... more) {
    Launch launch =
        success(
            host.isolator.prepare(
                host.container(
                    "c1",
                    more.length == 0
                        ? List.of(Map.entry("DVDI_VOLUME_NAME", "a"))
                        : List.of(
                            Map.entry("DVDI_VOLUME_NAME", "a"), Map.entry(more[0], more[1])))));
    host.cleanup("c1");
    return binds(launch);
  }

  @Test
  void byDefaultTheyDoNotWhereverTheContainerSeesTheVolume() {
    Path path = host.driver.path("a");
    assertEquals(
        List.of(path + " -> " + host.sandbox.resolve("data") + " rw"),
        bindsOf("DVDI_VOLUME_CONTAINERPATH", "data"));
    assertEquals(List.of(path + " -> " + path + " rw"), bindsOf());
  }

  @Test
  void ofADriverThatTheOperatorTrustsTheyDo() {
    host.suidDrivers = Set.of("tmp");
    host.renew();
    assertEquals(
        List.of(host.driver.path("a") + " -> " + host.sandbox.resolve("data") + " rw,suid"),
        bindsOf("DVDI_VOLUME_CONTAINERPATH", "data"));
    assertEquals(List.of(), bindsOf());
  }
}
