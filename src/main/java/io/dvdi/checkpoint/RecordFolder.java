// SPDX-License-Identifier: Apache-2.0
package io.dvdi.checkpoint;

import io.dvdi.lifecycle.MountId;
import io.dvdi.lifecycle.VolumeRecord;
import io.dvdi.lifecycle.VolumeState;
import io.dvdi.linux.PrivateFile;
import io.dvdi.log.Log;
import io.dvdi.volume.ContainerId;
import io.dvdi.volume.VolumeId;
import java.io.IOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * Records on disk: a folder for each boot, and a file for each volume. So the cost of an operation
 * does not depend on the number of volumes, and a file that a power failure damaged blocks no
 * volume after the boot.
 *
 * <p>Each change of a file survives a crash of the host; see {@link PrivateFile#replace}.
 * Thread-safe for different volumes.
 */
public final class RecordFolder implements Records {
  /** Larger than a record with 16 mount IDs, 64 KiB of options and a thousand users. In bytes. */
  private static final int LARGEST = 1024 * 1024;

  private static final String NEW = ".new";

  private final Path root;
  private final Path folder;
  private final long doubtEnds;
  private final Reserve reserve;

  /** Records of this boot that could not be read, and the reason for each. */
  private final Map<Path, String> unreadable = new ConcurrentHashMap<>();

  /**
   * Files of earlier versions and boots, by name. Each is removed when its volume's record is
   * written again.
   */
  private final Map<String, Path> earlier = new ConcurrentHashMap<>();

  /** Why the records could not be read; null if they could. */
  private volatile @Nullable String unread;

  /**
   * @param root exists; only root can access it
   * @param bootId of this boot
   * @param doubtEnds when a call of version 0.1.0 can no longer take effect, in ms of
   *     CLOCK_BOOTTIME
   */
  public RecordFolder(Path root, String bootId, long doubtEnds) {
    this.root = root;
    this.folder = root.resolve(bootId);
    this.doubtEnds = doubtEnds;
    this.reserve = new Reserve(root);
  }

  /**
   * Reads all records. An unreadable record affects only its own volume, which is not changed in
   * this boot. An unreadable record of an earlier boot is removed.
   *
   * @param alive the living containers
   */
  public List<VolumeState> readAll(Set<ContainerId> alive, Log log) {
    List<VolumeState> states = new ArrayList<>();
    try {
      if (!Files.exists(folder)) {
        Files.createDirectory(
            folder,
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
      }
      PrivateFile.forceFolderOf(folder);
      for (Path entry : entries(root)) {
        if (!Files.isDirectory(entry, LinkOption.NOFOLLOW_LINKS)) {
          read(entry, alive, log).ifPresent(states::add); // of version 0.1.0
        } else if (entry.equals(folder)) {
          for (Path file : entries(folder)) {
            read(file, alive, log).ifPresent(states::add);
          }
        } else {
          states.addAll(readEarlierBoot(entry));
        }
      }
      reserve.keep();
    } catch (IOException e) {
      // A volume that an earlier agent mounted would be mounted again, and its record overwritten.
      unread = e.toString();
      log.error(
          "the records cannot be read (%s), so volumes of earlier containers stay mounted and tasks get none; repair the folder %s, and restart the agent"
              .formatted(e, root));
    }
    return states;
  }

  private Optional<VolumeState> read(Path file, Set<ContainerId> alive, Log log) {
    String name = String.valueOf(file.getFileName());
    if (name.endsWith(NEW)) {
      // Left by a crash before the rename: what it would have announced was not begun.
      discard(file);
      return Optional.empty();
    }
    if (!name.endsWith(RecordName.SUFFIX)) {
      return Optional.empty();
    }
    try {
      RecordJson.Read read = RecordJson.read(bytes(file));
      VolumeRecord record = read.record();
      if (!name.equals(RecordName.of(record.id()))) {
        throw new CorruptRecordException(
            "its name does not match the volume in it: " + record.id());
      }
      boolean first = read.bootId().isPresent();
      if (first) {
        if (hasSuccessor(name)) {
          discard(file);
          return Optional.empty();
        }
        earlier.put(name, file);
      }
      if (first && !folder.endsWith(read.bootId().get())) {
        return Optional.of(VolumeState.recoveredAfterBoot(record));
      }
      return Optional.of(VolumeState.recovered(first ? dated(record) : record, alive));
    } catch (Throwable e) {
      // Also an Error: one file that is not a record must not keep the others from being read.
      unreadable.put(folder.resolve(name), file + ": " + e.getMessage());
      log.error(
          "the record %s cannot be read (%s); its volume is left alone until the next boot. If nothing of it is mounted, stop the agent, move the file away, and start the agent again"
              .formatted(file, e.getMessage()));
      return Optional.empty();
    }
  }

  /** The agent was killed after it wrote the new record and before it removed the old one. */
  private boolean hasSuccessor(String name) {
    return Files.exists(folder.resolve(name));
  }

  /** Version 0.1.0 did not record when it sent a call, so the longest possible doubt is assumed. */
  private VolumeRecord dated(VolumeRecord record) {
    List<MountId> mountIds = new ArrayList<>();
    for (MountId id : record.mountIds()) {
      mountIds.add(
          new MountId(
              id.value(),
              id.spelling(),
              id.mount(),
              id.unmount(),
              id.doubtEnds() == Long.MAX_VALUE ? doubtEnds : id.doubtEnds()));
    }
    return new VolumeRecord(
        record.id(), record.terms(), record.users(), mountIds, record.where(), record.trouble());
  }

  private List<VolumeState> readEarlierBoot(Path boot) throws IOException {
    List<VolumeState> states = new ArrayList<>();
    for (Path file : entries(boot)) {
      try {
        VolumeRecord record = RecordJson.read(bytes(file)).record();
        String name = RecordName.of(record.id());
        if (!file.endsWith(name) || hasSuccessor(name) || earlier.putIfAbsent(name, file) != null) {
          throw new CorruptRecordException("there is another one");
        }
        states.add(VolumeState.recoveredAfterBoot(record));
      } catch (Throwable e) {
        discard(file);
      }
    }
    discard(boot);
    return states;
  }

  private static byte[] bytes(Path file) throws IOException {
    if (!Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS)) {
      throw new CorruptRecordException("it is not a regular file");
    }
    if (Files.size(file) > LARGEST) {
      throw new CorruptRecordException("it is larger than 1 MiB");
    }
    return PrivateFile.content(file);
  }

  private static List<Path> entries(Path folder) throws IOException {
    List<Path> found = new ArrayList<>();
    try (DirectoryStream<Path> files = Files.newDirectoryStream(folder)) {
      files.forEach(found::add);
      return found;
    } catch (DirectoryIteratorException e) {
      throw new IOException(e);
    }
  }

  /** Ignores failures: the next agent finds the file again. */
  private static void discard(Path leftover) {
    try {
      Files.deleteIfExists(leftover);
    } catch (IOException e) {
      // A folder that is not empty, or a disk that cannot be written.
    }
  }

  @Override
  public void write(VolumeRecord record) throws IOException {
    if (unread != null) {
      throw new IOException(
          "the records in %s could not be read when the agent started (%s); repair the folder, and restart the agent"
              .formatted(root, unread));
    }
    Path file = fileOf(record.id());
    byte[] content = RecordJson.write(record);
    try {
      replace(file, content);
    } catch (IOException e) {
      // Only for what is on record already: a new volume can be refused, a mounted one cannot.
      if (!Reserve.isFull(e)
          || !(Files.exists(file) || earlier.containsKey(file.getFileName().toString()))) {
        throw e;
      }
      reserve.release();
      replace(file, content);
      reserve.keep();
    }
    removeEarlier(file);
  }

  private static void replace(Path file, byte[] content) throws IOException {
    Path next = file.resolveSibling(file.getFileName() + NEW);
    try {
      // Root's alone: options may be secrets.
      PrivateFile.replace(file, next, content);
    } catch (IOException e) {
      discard(next);
      throw e;
    }
  }

  @Override
  public void remove(VolumeId id) throws IOException {
    Path file = fileOf(id);
    if (Files.deleteIfExists(file)) {
      PrivateFile.forceFolderOf(file);
    }
    removeEarlier(file);
    reserve.keep();
  }

  private void removeEarlier(Path successor) throws IOException {
    String name = successor.getFileName().toString();
    Path file = earlier.get(name);
    if (file == null) {
      return;
    }
    Files.deleteIfExists(file);
    Path boot = Objects.requireNonNull(file.getParent());
    try {
      PrivateFile.forceFolderOf(file);
    } catch (IOException e) {
      if (Files.exists(boot)) {
        throw e;
      }
      // Another volume's record was the last in it, and the folder went with that.
    }
    if (!boot.equals(root)) {
      discard(boot);
    }
    earlier.remove(name);
  }

  @Override
  public Path fileOf(VolumeId id) {
    return folder.resolve(RecordName.of(id));
  }

  @Override
  public Optional<String> unreadable(VolumeId id) {
    return unreadable.isEmpty()
        ? Optional.empty()
        : Optional.ofNullable(unreadable.get(fileOf(id)));
  }
}
