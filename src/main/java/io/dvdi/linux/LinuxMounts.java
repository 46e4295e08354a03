// SPDX-License-Identifier: Apache-2.0
package io.dvdi.linux;

import io.dvdi.lifecycle.Evidence;
import io.dvdi.lifecycle.Moment;
import io.dvdi.lifecycle.Mounts;
import io.dvdi.lifecycle.Seen;
import io.dvdi.volume.FileSystem;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;

/** The port {@link Mounts}, implemented with system calls. Thread-safe. */
public final class LinuxMounts implements Mounts {
  private final KernelLook kernel;

  public LinuxMounts(KernelLook kernel) {
    this.kernel = kernel;
  }

  @Override
  public Duration timeout() {
    return kernel.timeout();
  }

  @Override
  public Check check(
      String name,
      Optional<String> path,
      Optional<Evidence> known,
      Optional<Moment> since,
      boolean hostDirectories) {
    return kernel.check(name, path, known, since, hostDirectories);
  }

  @Override
  public Seen look(
      String name,
      Optional<String> path,
      Optional<Evidence> known,
      Optional<Moment> since,
      boolean hostDirectories) {
    return kernel.look(name, path, known, since, hostDirectories);
  }

  @Override
  public Optional<FileSystem> fileSystem(Path path, Evidence mount) {
    return at(path, mount).flatMap(Seen.Mounted::fileSystem);
  }

  @Override
  public void unmount(Path path, Evidence mount) throws IOException {
    Seen.Mounted there =
        at(path, mount)
            .orElseThrow(() -> new IOException("the mount on record is no longer at " + path));
    Path mountpoint = Path.of(mount.mountpoint());
    if (there.health() == Seen.Health.ANSWERS) {
      MountCalls.unmount(mountpoint);
    } else {
      MountCalls.detach(mountpoint); // processes that wait in it may wait for ever
    }
  }

  /** Looks at this mount; absent if another one is at the path, or none. */
  private Optional<Seen.Mounted> at(Path path, Evidence mount) {
    Seen seen = look("", Optional.of(path.toString()), Optional.of(mount), Optional.empty(), false);
    return seen.place() instanceof Seen.Mounted there && there.mount().isSameMount(mount)
        ? Optional.of(there)
        : Optional.empty();
  }
}
