// SPDX-License-Identifier: Apache-2.0
package io.dvdi.simulator;

import io.dvdi.lifecycle.MountId;
import io.dvdi.lifecycle.MountId.MountCall;
import io.dvdi.lifecycle.MountId.UnmountCall;
import io.dvdi.lifecycle.Seen.Health;
import io.dvdi.lifecycle.VolumeRecord;
import io.dvdi.lifecycle.VolumeStep;
import io.dvdi.simulator.Request.Operation;
import io.dvdi.volume.VolumeId;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What the agent does to the world, and what that does to others. */
final class CallChecks {
  private static final int MOST_MOUNT_IDS = 16;

  private final World world;
  private final Ends ends;
  private final Map<String, String> spellings = new HashMap<>();

  CallChecks(World world, Ends ends) {
    this.world = world;
    this.ends = ends;
  }

  // What the agent is about to do.

  void writing(int v, @Nullable VolumeRecord record) {
    if (record != null && record.mountIds().size() > MOST_MOUNT_IDS) {
      throw world.checks.broken("a record has more than 16 mount IDs", v);
    }
    if (record == null) {
      world.retryChecks.forget(v);
    }
    Truth truth = world.truths[v];
    VolumeRecord old = world.disks[v].record;
    truth.settledUnseen |= truth.unseen && !truth.askFailed && old != null && hasLess(old, record);
    if (record == null
        && old != null
        && old.where().mount().isPresent()
        && world.kernel.uniqueIds
        && !world.moved
        && world.disks[v].boot == world.boots) {
      KernelMount mount = world.kernel.find(v, old.where().mount().get());
      if (mount != null && mount.madeAt > truth.announcedAt && !truth.later) {
        throw world.checks.broken("a record is removed, and its mount is still there", v);
      }
    }
    if (record != null
        && record.mountIds().size() == 1
        && record.mountIds().get(0).mount() == MountCall.SENT
        && !record.mountIds().get(0).value().equals(truth.announced)) {
      truth.announced = record.mountIds().get(0).value();
      truth.announcedAt = world.now();
      truth.momentAt = truth.lookBeganAt;
    }
    if (record != null
        && !record.mountIds().isEmpty()
        && record.mountIds().get(record.mountIds().size() - 1).mount() == MountCall.SENT) {
      String last = record.mountIds().get(record.mountIds().size() - 1).value();
      if (!last.equals(truth.lastAnnounced)) {
        truth.lastAnnounced = last;
        truth.lastAnnouncedAt = world.now();
        truth.lastMomentAt = truth.lookBeganAt;
      }
    }
    if (record != null && record.where().mount().isPresent() && isProved(record)) {
      truth.proved = world.kernel.find(v, record.where().mount().get());
    }
    if (record != null) {
      truth.accountOnRecord = record.terms().keepsAccount();
    }
    if (record != null && old != null && isReplaced(old, record)) {
      throw world.checks.broken("the evidence of a proved mount is replaced", v);
    }
    for (Task task : world.tasks) {
      if (task.has[v] && (record == null || !record.users().contains(task.id))) {
        throw world.checks.broken("a record forgets a container that has the volume", v);
      }
    }
  }

  /** There is no new mount ID, and another mount on record. */
  private static boolean isReplaced(VolumeRecord old, VolumeRecord next) {
    boolean same =
        next.mountIds().stream()
            .allMatch(id -> id.mount() == MountCall.PROVED && isProved(old, id.value()));
    return same
        && !next.mountIds().isEmpty()
        && old.where().mount().isPresent()
        && !old.where().mount().equals(next.where().mount());
  }

  private static boolean isProved(VolumeRecord record, String mountId) {
    MountId id = Checks.find(record, mountId);
    return id != null && id.mount() == MountCall.PROVED;
  }

  private static boolean isProved(VolumeRecord record) {
    return record.mountIds().stream()
        .anyMatch(id -> id.mount() == MountCall.PROVED && id.unmount() == UnmountCall.NONE);
  }

  void sending(Request request) {
    int v = request.volume;
    for (Request other : world.calls.open) {
      if (other.volume != v) {
        continue;
      }
      if (other.live && other.sender == request.sender) {
        throw world.checks.broken("two calls are under way", v);
      }
      boolean same = request.mountId.equals(other.mountId);
      if (!world.checks.isHarmless(other) && (same || request.operation != Operation.UNMOUNT)) {
        ends.reached("a call is sent while an earlier one may still come", v);
      }
    }
    MountId id = Checks.find(world.disks[v].record, request.mountId);
    boolean announced =
        id != null
            && (request.operation == Operation.UNMOUNT
                ? id.unmount() == UnmountCall.SENT
                : id.mount() == MountCall.SENT);
    if (!announced) {
      throw world.checks.broken("a call is sent that no record announces", v);
    }
    held("a call is sent while a container has the volume", v);
    Truth truth = world.truths[v];
    request.covered |=
        world.habits.own()
            && world.kernel.uniqueIds
            && !world.moved
            && id.mount() == MountCall.PROVED
            && truth.lookedAt != null
            && truth.lookedAt.volume != v
            && truth.lookedAt != truth.proved;
    if (request.operation == Operation.MOUNT && request.covered) {
      throw world.checks.broken("a volume is mounted beside one that something else covers", v);
    }
    if (request.operation == Operation.UNMOUNT) {
      world.retryChecks.sending(v, request.sender);
    }
  }

  /** The driver is told of the end of a mount as it was told of its start. */
  void spelled(int v, String mountId, VolumeId spelling, boolean first) {
    String name = spelling.name();
    String before = first ? spellings.putIfAbsent(mountId, name) : spellings.get(mountId);
    if (first && before != null) {
      throw world.checks.broken("a mount ID is used twice", v);
    }
    if (before != null && !before.equals(name)) {
      throw world.checks.broken("a volume is unmounted under another spelling", v);
    }
  }

  private static boolean hasLess(VolumeRecord old, @Nullable VolumeRecord next) {
    return old.mountIds().stream()
        .anyMatch(
            id ->
                next == null
                    || next.mountIds().stream().noneMatch(one -> one.value().equals(id.value())));
  }

  private void held(String rule, int v) {
    for (Task task : world.tasks) {
      if (task.has[v]) {
        throw world.checks.broken(rule, v);
      }
    }
  }

  void forcing(int v, VolumeStep.Force force) {
    held("the module unmounts while a container has the volume", v);
    VolumeRecord record = world.disks[v].record;
    if (record == null
        || record.where().mount().isEmpty()
        || !record.where().mount().get().isSameMount(force.mount())) {
      throw world.checks.broken("the module unmounts what no record names", v);
    }
  }

  void forced(int v, KernelMount mount) {
    world.truths[v].outsider = true; // its driver does not know
    Truth truth = world.truths[v];
    boolean useless = !world.drivers[v].otherHas || mount.made && mount.health == Health.DEAD;
    boolean joined = mount == truth.proved && mount.madeAt >= truth.momentAt;
    if (mount.volume != v || !mount.ours && !((mount.made || joined) && useless)) {
      ends.reached("the module unmounts what is not ours", v);
    } else if (world.drivers[v].otherHas && mount.health != Health.DEAD) {
      ends.reached("the module unmounts under another client", v);
    }
  }

  // What a call of ours does.

  private @Nullable KernelMount there;
  private @Nullable KernelMount top;
  private boolean existed;

  void before(Request request) {
    there = world.kernel.of(request.volume);
    top = world.kernel.top(request.volume);
    existed = world.drivers[request.volume].exists;
  }

  void after(Request request, boolean success) {
    int v = request.volume;
    if (request.operation == Operation.CREATE
        && success
        && existed
        && request.fate != Fault.CALL_SUCCESS_NOT_DONE
        && request.fate != Fault.CALL_REFUSED) {
      ends.reached(
          request.mayCreate
              ? "a volume is created that was created meanwhile"
              : "a volume is created that exists",
          v);
    }
    if (request.operation == Operation.CREATE && success) {
      world.drivers[v].createdByUsAt = request.sentAt;
    }
    KernelMount left = world.kernel.of(v);
    if (request.operation == Operation.UNMOUNT
        && success
        && left != null
        && world.drivers[v].otherHas
        && !world.drivers[v].isHeldByUs()) {
      left.ours = false; // theirs, since we have given it up
    }
    if (request.operation == Operation.UNMOUNT
        && top != null
        && top != world.kernel.top(v)
        && top.volume != v) {
      ends.reached(
          request.covered
              ? "an Unmount takes what somebody else has mounted"
              : "an Unmount takes what somebody else mounted meanwhile",
          v);
    }
    if (request.operation == Operation.MOUNT || there == null || world.kernel.of(v) == there) {
      return;
    }
    if (world.truths[v].spoiled) {
      return;
    }
    for (Task task : world.tasks) {
      if (task.has[v] && task.mounts[v] == there) {
        ends.reached("a mount goes away under a container", v);
      }
    }
    Driver driver = world.drivers[v];
    if (driver.otherHas && there == driver.otherMount) {
      ends.reached("a mount goes away under another client", v);
    }
  }
}
