// SPDX-License-Identifier: Apache-2.0
package io.dvdi.simulator;

import io.dvdi.lifecycle.Evidence;
import io.dvdi.lifecycle.Moment;
import io.dvdi.lifecycle.Seen;
import io.dvdi.lifecycle.Seen.Health;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The mounts of a host. Linux 6.8 gives each an ID that is never used again until the next boot
 * (statx(2), STATX_MNT_ID_UNIQUE); older kernels give the lowest that is free, and so do they with
 * the device numbers of file systems without a device. In another mount namespace every mount is
 * there with IDs of its own.
 */
final class Kernel {
  private static final String[] DEVICES = new String[64];

  static {
    for (int i = 0; i < DEVICES.length; i++) {
      DEVICES[i] = "0:" + (40 + i);
    }
  }

  final boolean uniqueIds;
  int namespace;
  private int newest;
  private final List<List<KernelMount>> stacks = new ArrayList<>();

  Kernel(boolean uniqueIds, int volumes) {
    this.uniqueIds = uniqueIds;
    for (int i = 0; i < volumes; i++) {
      stacks.add(new ArrayList<>(2));
    }
  }

  void boot() {
    stacks.forEach(List::clear);
    namespace = 0;
    newest = 0;
  }

  @Nullable KernelMount top(int volume) {
    List<KernelMount> stack = stacks.get(volume);
    return stack.isEmpty() ? null : stack.get(stack.size() - 1);
  }

  List<KernelMount> stack(int volume) {
    return stacks.get(volume);
  }

  /** The uppermost mount at the volume's path that is of the volume. */
  @Nullable KernelMount of(int volume) {
    List<KernelMount> stack = stacks.get(volume);
    for (int i = stack.size() - 1; i >= 0; i--) {
      if (stack.get(i).volume == volume) {
        return stack.get(i);
      }
    }
    return null;
  }

  KernelMount mount(
      int volume, boolean stranger, String device, String mountpoint, boolean ours, long now) {
    int free = lowestFree();
    KernelMount mount =
        new KernelMount(
            newest += uniqueIds ? 1 : 0,
            free,
            device.isEmpty() ? DEVICES[free % DEVICES.length] : device,
            mountpoint,
            stranger ? -1 : volume,
            ours,
            now);
    stacks.get(volume).add(mount);
    return mount;
  }

  private int lowestFree() {
    for (int free = 0; ; free++) {
      boolean taken = false;
      for (List<KernelMount> stack : stacks) {
        for (KernelMount mount : stack) {
          taken |= mount.mountId == free;
        }
      }
      if (!taken) {
        return free;
      }
    }
  }

  void unmount(int volume, KernelMount mount) {
    stacks.get(volume).remove(mount);
  }

  @Nullable KernelMount find(int volume, Evidence evidence) {
    for (KernelMount mount : stacks.get(volume)) {
      if (mount.evidence(namespace, uniqueIds).isSameMount(evidence)) {
        return mount;
      }
    }
    return null;
  }

  Moment moment(int volume, boolean pathKnown) {
    KernelMount top = pathKnown ? top(volume) : null;
    return new Moment(
        4_026_531_840L + namespace,
        uniqueIds ? newest * 8L + namespace + 4096 : 0,
        pathKnown,
        top == null ? Optional.empty() : Optional.of(top.evidence(namespace, uniqueIds)),
        Optional.empty());
  }

  Seen.Place place(int volume, boolean pathKnown) {
    if (!pathKnown) {
      return new Seen.Unknown();
    }
    KernelMount top = top(volume);
    if (top == null) {
      return new Seen.NotMounted(true);
    }
    return new Seen.Mounted(
        top.evidence(namespace, uniqueIds),
        top.health,
        top.readOnly,
        Optional.empty(),
        top.refusal);
  }

  /** Whether the mount is there with something over it. */
  boolean isCovered(int volume, Optional<Evidence> known) {
    if (known.isEmpty()) {
      return false;
    }
    KernelMount mount = find(volume, known.get());
    KernelMount top = top(volume);
    return mount != null
        && top != mount
        && top != null
        && !top.evidence(namespace, uniqueIds).isSameMount(known.get());
  }

  static boolean answers(@Nullable KernelMount mount) {
    return mount != null && mount.health == Health.ANSWERS;
  }
}
