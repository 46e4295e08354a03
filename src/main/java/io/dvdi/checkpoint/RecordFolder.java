// SPDX-License-Identifier: Apache-2.0
package io.dvdi.checkpoint;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.dvdi.linux.PrivateFile;
import io.dvdi.volume.VolumeId;
import java.io.IOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/**
 * Records in a folder, a file each, so that what one operation costs does not grow with the number
 * of volumes.
 *
 * <p>Each change of a file survives a crash of the host; see {@link PrivateFile#replace}.
 */
public final class RecordFolder implements Records {
  private static final String SUFFIX = ".json";
  private static final String NEW = ".new";
  private static final String CORRUPT = ".corrupt";

  private final Path folder;

  /** Records that could not be read and may still be true, and what to do about each. */
  private final ConcurrentMap<Path, String> untouchable = new ConcurrentHashMap<>();

  /** Why it is not known which records there are; null when it is. */
  private volatile @Nullable String unread;

  /**
   * @param folder exists, and is root's alone
   */
  public RecordFolder(Path folder) {
    this.folder = folder;
    RecordJson.load();
  }

  /**
   * Reads all records. A file that is none is renamed, so that it stays for a person to look at and
   * is not met again. One of a newer version, or that the disk does not give, stays as it is, and
   * its volume is left alone.
   *
   * @param unreadable told of each such file: what it is called now, and what is wrong with it
   */
  public List<VolumeRecord> readAll(BiConsumer<Path, String> unreadable) throws IOException {
    List<VolumeRecord> records = new ArrayList<>();
    for (Path file : files()) {
      String name = String.valueOf(file.getFileName());
      if (name.endsWith(NEW)) {
        // Left by a crash before the rename: what it would have announced was not begun.
        forget(file, unreadable);
      } else if (name.endsWith(SUFFIX)) {
        try {
          if (!Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS)) {
            throw new CorruptRecordException("it is no file");
          }
          VolumeRecord record = RecordJson.read(Files.readAllBytes(file));
          if (!file.equals(file(record.id()))) {
            throw new CorruptRecordException(
                "it is of another volume than its name says: " + record.id());
          }
          records.add(record);
        } catch (CorruptRecordException e) {
          unreadable.accept(aside(file), String.valueOf(e.getMessage()));
        } catch (NewerRecordException e) {
          untouchable.put(file, "was written by a newer version of this module; go back to that");
          unreadable.accept(file, String.valueOf(e.getMessage()));
        } catch (IOException e) {
          // Perhaps only for now, so that it stays where the next agent finds it.
          untouchable.put(
              file, "could not be read when the agent started (" + e + "); see to that");
          unreadable.accept(file, e.toString());
        }
      }
    }
    return records;
  }

  private List<Path> files() throws IOException {
    List<Path> found = new ArrayList<>();
    try (DirectoryStream<Path> files = Files.newDirectoryStream(folder)) {
      files.forEach(found::add);
      return found;
    } catch (IOException | DirectoryIteratorException e) {
      // A volume that an earlier agent mounted would be mounted again, and its record overwritten.
      unread = e.toString();
      throw new IOException(e);
    }
  }

  private static void forget(Path leftover, BiConsumer<Path, String> unreadable) {
    try {
      Files.delete(leftover);
    } catch (IOException e) {
      unreadable.accept(leftover, e.toString());
    }
  }

  private static Path aside(Path file) {
    try {
      return Files.move(
          file,
          file.resolveSibling(file.getFileName() + CORRUPT),
          StandardCopyOption.REPLACE_EXISTING);
    } catch (IOException e) {
      return file; // a disk that cannot be written; the other records can still be read
    }
  }

  @Override
  public void write(VolumeRecord record) throws IOException {
    Path file = file(record.id());
    if (unread != null) {
      throw new IOException(
          "the records in %s could not be read when the agent started (%s); see to that, and restart it"
              .formatted(folder, unread));
    }
    String reason = untouchable.get(file);
    if (reason != null) {
      throw new IOException(
          "%s %s, or remove the file when nothing of the volume is mounted any more, and restart the agent"
              .formatted(file, reason));
    }
    // Root's alone: options may be secrets.
    PrivateFile.replace(
        file, file.resolveSibling(file.getFileName() + NEW), RecordJson.write(record));
  }

  @Override
  public void remove(VolumeId id) throws IOException {
    Path file = file(id);
    if (Files.deleteIfExists(file)) {
      PrivateFile.forceFolderOf(file);
    }
  }

  /**
   * The start of both names, for a person who looks, and a hash, since names can be long and hold
   * any character.
   */
  Path file(VolumeId id) {
    byte[] hash;
    try {
      hash =
          MessageDigest.getInstance("SHA-256")
              .digest((id.driver() + "\0" + id.name()).getBytes(UTF_8));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
    return folder.resolve(
        readable(id.driver())
            + "-"
            + readable(id.name())
            + "-"
            + HexFormat.of().formatHex(hash, 0, 16)
            + SUFFIX);
  }

  private static String readable(String name) {
    String plain = name.replaceAll("[^A-Za-z0-9_]", "_");
    return plain.substring(0, Math.min(plain.length(), 40));
  }
}
