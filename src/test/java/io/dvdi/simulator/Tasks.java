// SPDX-License-Identifier: Apache-2.0
package io.dvdi.simulator;

import io.dvdi.lifecycle.ContainerEvent;

/** What the host does with its containers. */
final class Tasks {
  private Tasks() {}

  /** It is about to be launched; by nobody where no agent runs. */
  static void prepare(World world, Task task) {
    Agent agent = world.agent;
    if (agent != null) {
      task.stage = Task.Stage.PREPARING;
      task.prepareDue = true;
      task.prepareBy = world.now() + World.MOUNT_TIMEOUT;
      agent.tell(task, new ContainerEvent.Prepare(task.prepareBy));
    }
  }

  /** It ends by itself, or is ended. Where no agent runs, the next one finds out. */
  static void end(World world, Task task) {
    Agent agent = world.agent;
    task.stage = Task.Stage.OVER;
    task.letGo();
    if (agent != null) {
      task.cleanupDue = true;
      task.cleanupBy = world.now() + World.MOUNT_TIMEOUT;
      agent.tell(task, new ContainerEvent.Cleanup(task.cleanupBy));
    }
  }
}
