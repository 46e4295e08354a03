// SPDX-License-Identifier: Apache-2.0
package io.dvdi.isolator;

import io.dvdi.driver.Deadline;
import io.dvdi.driver.DriverException;
import io.dvdi.driver.VolumeDriver;
import io.dvdi.lifecycle.Told;
import io.dvdi.lifecycle.Told.Existence;
import io.dvdi.lifecycle.VolumeEvent;
import io.dvdi.lifecycle.VolumeEvent.CallEnd;
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
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.stream.Stream;
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

  /** Names of volumes that have another name as well, and that one. */
  private final Map<String, String> aliases = new ConcurrentHashMap<>();

  private volatile boolean silent;
  private volatile boolean tellsNames;
  private volatile boolean tellsPaths = true;
  private volatile boolean needsOptions;
  private volatile boolean keepsAccount;
  volatile boolean closed;

  /** "mount a", "unmount a", in the order in which they began. */
  final List<String> calls = new CopyOnWriteArrayList<>();

  /** The mount IDs that were given, to hold Mount and Unmount against each other. */
  final Map<String, List<String>> mountIds = new ConcurrentHashMap<>();

  /** What it was to mount a volume with the last time. */
  final Map<String, Options> options = new ConcurrentHashMap<>();

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

  /** The driver answers with an error. */
  static Step refuse(String words) {
    return () -> {
      throw DriverException.failed(words);
    };
  }

  /** The driver does not answer until the latch is open. */
  static Step waitFor(CountDownLatch latch) {
    return () -> {
      try {
        latch.await();
      } catch (InterruptedException e) {
        throw DriverException.uncertain("interrupted", e);
      }
    };
  }

  long count(String call) {
    return calls.stream().filter(call::equals).count();
  }

  Path path(String name) {
    return root.resolve(aliases.getOrDefault(name, name));
  }

  /** Both are names of one volume. */
  ScriptedDriver alias(String name, String other) {
    aliases.put(name, other);
    return this;
  }

  /** It says what it calls a volume itself. */
  ScriptedDriver tellsNames() {
    tellsNames = true;
    return this;
  }

  /** It answers no question. */
  void silent(boolean now) {
    silent = now;
  }

  /** It says only after Mount where a volume is. */
  ScriptedDriver tellsNoPaths() {
    tellsPaths = false;
    return this;
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

  /** Shows that it keeps an account, and that it has nobody in it. */
  ScriptedDriver forgetful() {
    keepsAccount = true;
    return this;
  }

  @Override
  public boolean mountsItself() {
    return !keepsAccount;
  }

  @Override
  public boolean isClosed() {
    return closed;
  }

  /** Names its path always, as rclone does. */
  @Override
  public Told ask(VolumeId volume, Options options, Deadline deadline) {
    return new Told(
        silent ? Existence.NO_ANSWER : Existence.EXISTS,
        tellsNames
            ? Optional.of(
                new VolumeId(volume.driver(), aliases.getOrDefault(volume.name(), volume.name())))
            : Optional.empty(),
        tellsPaths ? Optional.of(path(volume.name()).toString()) : Optional.empty(),
        keepsAccount,
        keepsAccount ? Optional.of(Set.of()) : Optional.empty(),
        "");
  }

  @Override
  public CallEnd create(VolumeId volume, Options options) {
    throw new AssertionError("it exists");
  }

  @Override
  public CallEnd mount(VolumeId volume, Options wanted, String mountId) {
    String name = volume.name();
    options.put(name, wanted);
    calls.add("mount " + name);
    mountIds.computeIfAbsent(name, any -> new CopyOnWriteArrayList<>()).add(mountId);
    Path path = path(name);
    try {
      Files.createDirectories(path);
      run(beforeMount, name);
      if (!run(insteadOfMount, name)) {
        mountOnce(path, tmpfsOptions.getOrDefault(name, "size=1m"));
      }
      return new VolumeEvent.Succeeded(path.toString(), false);
    } catch (DriverException e) {
      return end(e);
    } catch (IOException e) {
      return new VolumeEvent.Failed(String.valueOf(e.getMessage()));
    }
  }

  private synchronized void mountOnce(Path path, String options) throws IOException {
    if (!isLeft(path)) {
      boolean readOnly = options.equals("ro");
      MountCalls.mount("tmpfs", path, "tmpfs", readOnly ? 1 : 0, readOnly ? null : options);
    }
  }

  /** As local does it: what an earlier unmount left is used again. */
  private static boolean isLeft(Path path) throws IOException {
    try (Stream<String> lines = Files.lines(Path.of("/proc/self/mountinfo"))) {
      return lines.anyMatch(line -> line.split(" ", -1)[4].equals(path.toString()));
    }
  }

  @Override
  public CallEnd unmount(VolumeId volume, String mountId, Optional<Path> path, Options options) {
    String name = volume.name();
    calls.add("unmount " + name);
    if (!mountIds.getOrDefault(name, List.of(mountId)).contains(mountId)) {
      throw new AssertionError("unmounted with another ID than mounted");
    }
    try {
      run(beforeUnmount, name);
      if (!run(insteadOfUnmount, name)) {
        MountCalls.unmount(path(name));
      }
      return new VolumeEvent.Succeeded();
    } catch (DriverException e) {
      return end(e);
    } catch (LinuxException e) {
      return new VolumeEvent.Failed(String.valueOf(e.getMessage()));
    }
  }

  private static CallEnd end(DriverException e) {
    String words = String.valueOf(e.getMessage());
    return e.isUncertain() ? new VolumeEvent.CutOff(words) : new VolumeEvent.Failed(words);
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
