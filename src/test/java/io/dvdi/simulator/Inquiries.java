// SPDX-License-Identifier: Apache-2.0
package io.dvdi.simulator;

import io.dvdi.lifecycle.ContainerEvent;
import io.dvdi.volume.VolumeId;
import java.util.ArrayList;
import java.util.List;

/** What is found out about a container before it wishes for anything. */
final class Inquiries {
  private Inquiries() {}

  static void inquire(World world, Agent agent, Task task, ContainerEvent.Inquiry inquiry) {
    world.statistics.steps++;
    if (world.fault(Fault.INQUIRY_HANGS)) {
      return;
    }
    ContainerEvent answer;
    if (world.fault(Fault.INQUIRY_FAILS)) {
      answer = new ContainerEvent.NotFound("there is no such thing");
    } else if (inquiry == ContainerEvent.Inquiry.VOLUMES) {
      List<VolumeId> asked = new ArrayList<>(2);
      for (int v : task.volumes) {
        asked.add(task.capitals ? World.SPELLINGS[v] : World.VOLUMES[v]);
      }
      answer = new ContainerEvent.AsksFor(asked);
    } else {
      answer = new ContainerEvent.Found();
    }
    world.calendar.in(world.choices.below(20), () -> agent.container(task, answer));
  }
}
