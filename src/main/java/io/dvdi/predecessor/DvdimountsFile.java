// SPDX-License-Identifier: Apache-2.0
package io.dvdi.predecessor;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BiConsumer;

/**
 * The file dvdimounts.pb of mesos-module-dvdi: an ExternalMountList, see its interface.proto. One
 * entry for each container of each volume.
 *
 * <p>Mesos writes the length of a message before it, four bytes in the order of the machine (write
 * in stout's protobuf.hpp); mesos-module-dvdi reads it back without one. Both forms are taken.
 *
 * @param path of the file
 */
public record DvdimountsFile(Path path) implements Source {
  private static final int MOUNT = 1;
  private static final int CONTAINER_ID = 1;
  private static final int VOLUME_DRIVER = 2;
  private static final int VOLUME_NAME = 3;
  private static final int MOUNTPOINT = 4;

  @Override
  public boolean anyCase() {
    return true;
  }

  @Override
  public Checkpoint read(BiConsumer<Path, String> unreadable) throws IOException {
    byte[] content = CheckpointFile.read(path);
    Digest digest = new Digest().add(content);
    List<HeldVolume> volumes = List.of();
    try {
      volumes = parse(content, Files.getLastModifiedTime(path).toInstant());
    } catch (UnreadableException e) {
      unreadable.accept(path, String.valueOf(e.getMessage()));
    }
    return new Checkpoint(digest.text(), volumes);
  }

  /** All of it or nothing: half of a file that is broken may be broken, too. */
  private static List<HeldVolume> parse(byte[] content, Instant written)
      throws UnreadableException {
    List<HeldVolume> volumes = new ArrayList<>();
    for (Message mount : new Message(message(content)).messages(MOUNT)) {
      volumes.add(
          new HeldVolume(
              required(mount, CONTAINER_ID, "containerid"),
              required(mount, VOLUME_DRIVER, "volumedriver"),
              required(mount, VOLUME_NAME, "volumename"),
              mount.text(MOUNTPOINT),
              written));
    }
    return volumes;
  }

  private static ByteBuffer message(byte[] content) {
    ByteBuffer whole = ByteBuffer.wrap(content).order(ByteOrder.nativeOrder());
    boolean prefixed =
        content.length >= Integer.BYTES && whole.getInt(0) == content.length - Integer.BYTES;
    return prefixed ? whole.slice(Integer.BYTES, content.length - Integer.BYTES) : whole;
  }

  private static String required(Message mount, int field, String name) throws UnreadableException {
    return mount
        .text(field)
        .orElseThrow(() -> new UnreadableException("a mount in it has no " + name));
  }
}
