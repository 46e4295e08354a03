// SPDX-License-Identifier: Apache-2.0
package io.dvdi.simulator;

import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** What must not happen in an {@link AliasLife}. */
final class AliasChecks {
  private final AliasHost host;

  /** An Unmount was sent of which it cannot be known what it unmounts, after a call was cut off. */
  private boolean blind;

  AliasChecks(AliasHost host) {
    this.host = host;
  }

  /** The driver or the module has unmounted something. */
  void unmounted(@Nullable KernelMount before) {
    for (AliasHost.User user : host.users) {
      if (user != null
          && user.mount != null
          && user.mount == before
          && !host.kernel.stack(0).contains(before)) {
        if (!blind) {
          throw host.broken("a mount goes away under a container");
        }
        user.mount = null; // whose count it was, nobody can know
      }
    }
  }

  void sendingUnmount(Optional<String> path) {
    if (path.isEmpty()) {
      blind = true; // its Mount was never answered
      return;
    }
    for (AliasHost.User user : host.users) {
      if (user != null && user.mount != null && !blind) {
        throw host.broken("Unmount is sent while a container has the volume");
      }
    }
  }

  void given(int number, @Nullable KernelMount seen) {
    AliasHost.User user = host.users[number];
    if (user.over) {
      return;
    }
    if (seen == null || !host.kernel.stack(0).contains(seen)) {
      if (!blind) {
        throw host.broken("a container is given a volume that is not mounted");
      }
      return;
    }
    for (AliasHost.User other : host.users) {
      if (other != null && other.mount != null && other.mount != seen && !blind) {
        throw host.broken("a container shares a volume, and gets another mount");
      }
    }
    user.mount = seen;
  }

  void launched(int number) {
    AliasHost.User user = host.users[number];
    answered(user.prepareDue, user.by);
    user.prepareDue = false;
    user.running = true;
    host.statistics.launched++;
  }

  void failed(int number, String words) {
    AliasHost.User user = host.users[number];
    host.note("c" + number + " fails: " + words);
    if (user.over) {
      return; // it has ended, and is told so
    }
    answered(user.prepareDue, user.by);
    user.prepareDue = false;
    user.over = true;
    user.mount = null;
    host.statistics.failed++;
  }

  void cleanedUp(int number) {
    answered(host.users[number].cleanupDue, host.users[number].by);
    host.users[number].cleanupDue = false;
  }

  private void answered(boolean due, long by) {
    if (!due) {
      throw host.broken("a call is answered twice");
    }
    if (host.calendar.now > by) {
      throw host.broken("a call is answered too late");
    }
  }

  void checkRest() {
    for (AliasHost.User user : host.users) {
      if (user != null && (user.prepareDue || user.cleanupDue)) {
        throw host.broken("a call is never answered");
      }
    }
    boolean stacked = host.stacks && host.anyFault;
    if (blind || stacked) {
      AcceptedEnd end = blind ? AcceptedEnd.WHOSE_COUNT : AcceptedEnd.STACKED;
      host.statistics.ends[end.ordinal()] += host.kernel.top(0) == null ? 0 : 1;
      return;
    }
    for (Disk disk : host.disks) {
      if (disk.record != null) {
        throw host.broken("a record stays");
      }
    }
    if (host.kernel.top(0) != null) {
      throw host.broken("a mount stays");
    }
    for (Driver driver : host.drivers) {
      if (driver.count != 0 || !driver.holders.isEmpty()) {
        throw host.broken("the driver still counts a container");
      }
    }
  }
}
