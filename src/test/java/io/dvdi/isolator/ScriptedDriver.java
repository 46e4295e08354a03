// SPDX-License-Identifier: Apache-2.0
package io.dvdi.isolator;

import io.dvdi.driver.DriverException;
import io.dvdi.driver.Mountpoint;
import io.dvdi.driver.VolumeDriver;
import io.dvdi.linux.LinuxException;
import io.dvdi.linux.MountCalls;
import io.dvdi.volume.InvalidRequestException;
import io.dvdi.volume.Options;
import io.dvdi.volume.VolumeId;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;

/**
 * Mounts a tmpfs for each volume, for real, and does what a test tells it before or instead of it.
 */
final class ScriptedDriver implements VolumeDriver {
  /** What happens at a call; may block, throw, or let the real thing happen. */
  @FunctionalInterface
  interface Step {
    void run() throws DriverException;
  }

  private final Path root;
  private final Map<String, Step> beforeMount = new ConcurrentHashMap<>();
  private final Map<String, Step> insteadOfMount = new ConcurrentHashMap<>();
  private final Map<String, Step> beforeUnmount = new ConcurrentHashMap<>();
  private final Map<String, Step> insteadOfUnmount = new ConcurrentHashMap<>();
  private final Map<String, String> tmpfsOptions = new ConcurrentHashMap<>();

  private volatile boolean needsOptions;

  /** "mount a", "unmount a", in the order in which they began. */
  final List<String> calls = new CopyOnWriteArrayList<>();

  /** The mount IDs that were given, to hold Mount and Unmount against each other. */
  final Map<String, String> mountIds = new ConcurrentHashMap<>();

  ScriptedDriver(Path root) {
    this.root = root;
  }

  ScriptedDriver beforeMount(String name, Step step) {
    beforeMount.put(name, step);
    return this;
  }

  ScriptedDriver insteadOfMount(String name, @Nullable Step step) {
    set(insteadOfMount, name, step);
    return this;
  }

  ScriptedDriver beforeUnmount(String name, @Nullable Step step) {
    set(beforeUnmount, name, step);
    return this;
  }

  ScriptedDriver insteadOfUnmount(String name, @Nullable Step step) {
    set(insteadOfUnmount, name, step);
    return this;
  }

  ScriptedDriver tmpfs(String name, String options) {
    tmpfsOptions.put(name, options);
    return this;
  }

  private static void set(Map<String, Step> steps, String name, @Nullable Step step) {
    if (step == null) {
      steps.remove(name);
    } else {
      steps.put(name, step);
    }
  }

  long count(String call) {
    return calls.stream().filter(call::equals).count();
  }

  Path path(String name) {
    return root.resolve(name);
  }

  /** A driver that makes nothing of no options, as local does without images. */
  ScriptedDriver needsOptions() {
    needsOptions = true;
    return this;
  }

  @Override
  public void check(VolumeId id, Options options) {
    if (needsOptions && options.isEmpty()) {
      throw new InvalidRequestException("%s has no options".formatted(id));
    }
  }

  @Override
  public Optional<Path> mountpoint(VolumeId id) {
    return Optional.of(path(id.name()));
  }

  @Override
  public Mountpoint mount(Mount mount) throws DriverException {
    String name = mount.id().name();
    calls.add("mount " + name);
    mountIds.put(name, mount.mountId());
    Path path = path(name);
    try {
      Files.createDirectories(path);
      run(beforeMount, name);
      if (!run(insteadOfMount, name)) {
        String options = tmpfsOptions.getOrDefault(name, "size=1m");
        boolean readOnly = options.equals("ro");
        MountCalls.mount("tmpfs", path, "tmpfs", readOnly ? 1 : 0, readOnly ? null : options);
      }
      return new Mountpoint(path, false, false);
    } catch (IOException e) {
      throw DriverException.failed(String.valueOf(e.getMessage()), e);
    }
  }

  @Override
  public void unmount(Unmount unmount) throws DriverException {
    String name = unmount.id().name();
    calls.add("unmount " + name);
    if (!unmount.mountId().equals(mountIds.getOrDefault(name, unmount.mountId()))) {
      throw new AssertionError("unmounted with another ID than mounted");
    }
    run(beforeUnmount, name);
    if (run(insteadOfUnmount, name)) {
      return;
    }
    try {
      MountCalls.unmount(path(name));
    } catch (LinuxException e) {
      throw DriverException.failed(String.valueOf(e.getMessage()), e);
    }
  }

  private static boolean run(Map<String, Step> steps, String name) throws DriverException {
    Step step = steps.get(name);
    if (step == null) {
      return false;
    }
    step.run();
    return true;
  }
}
