// SPDX-License-Identifier: Apache-2.0
package io.dvdi.mount;

import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import org.jspecify.annotations.Nullable;

/** A host's folders and mounts as a test writes them down, with calls that fail or never return. */
final class ScriptedMounts implements Mounts {
  private record Mounted(MountIdentity identity, FileSystem fileSystem) {}

  private final Set<Path> folders = new HashSet<>();
  private final Set<Path> links = new HashSet<>();
  private final Map<Path, Mounted> mounted = new ConcurrentHashMap<>();
  private final Map<Path, Exception> containingFailures = new ConcurrentHashMap<>();
  private final Map<Path, Exception> fileSystemFailures = new ConcurrentHashMap<>();
  private final Set<Path> hanging = ConcurrentHashMap.newKeySet();
  private final CountDownLatch released = new CountDownLatch(1);

  void folder(Path path) {
    folders.add(path);
  }

  /** A symbolic link; where it leads is of no interest. */
  void link(Path path) {
    folders.add(path);
    links.add(path);
  }

  void mount(Path path, MountIdentity identity, FileSystem fileSystem) {
    folders.add(path);
    mounted.put(path, new Mounted(identity, fileSystem));
  }

  void failContaining(Path path, Exception failure) {
    containingFailures.put(path, failure);
  }

  void failFileSystem(Path path, Exception failure) {
    fileSystemFailures.put(path, failure);
  }

  void hangFileSystem(Path path) {
    hanging.add(path);
  }

  /** Lets all calls that hang return. */
  void release() {
    released.countDown();
  }

  @Override
  public Mark mark() {
    Set<MountIdentity> there = new HashSet<>();
    mounted.values().forEach(mount -> there.add(mount.identity()));
    return mount -> !there.contains(mount);
  }

  @Override
  public boolean exists(MountIdentity mount) {
    return mounted.values().stream().anyMatch(there -> there.identity().equals(mount));
  }

  @Override
  public void unmount(Path path) {
    mounted.remove(path);
  }

  @Override
  public MountIdentity containing(Path path) throws IOException {
    fail(containingFailures.get(path));
    return at(path).identity();
  }

  @Override
  public boolean isDirectory(Path path) throws IOException {
    MountIdentity unused = at(path).identity();
    return !links.contains(path);
  }

  @Override
  public FileSystem fileSystem(Path path) throws IOException {
    if (hanging.contains(path)) {
      awaitRelease();
    }
    fail(fileSystemFailures.get(path));
    return at(path).fileSystem();
  }

  private Mounted at(Path path) throws NoSuchFileException {
    if (!folders.contains(path)) {
      throw new NoSuchFileException(path.toString());
    }
    for (Path above = path; above != null; above = above.getParent()) {
      Mounted here = mounted.get(above);
      if (here != null) {
        return here;
      }
    }
    throw new IllegalStateException("a host has something mounted on /");
  }

  /** As statfs(2) of a dead NFS server does, it heeds no interrupt. */
  private void awaitRelease() {
    boolean waiting = true;
    while (waiting) {
      try {
        released.await();
        waiting = false;
      } catch (InterruptedException e) {
        // Goes on waiting.
      }
    }
  }

  private static void fail(@Nullable Exception failure) throws IOException {
    if (failure instanceof IOException e) {
      throw e;
    }
    if (failure instanceof RuntimeException e) {
      throw e;
    }
  }
}
