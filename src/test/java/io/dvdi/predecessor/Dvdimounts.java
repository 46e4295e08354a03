// SPDX-License-Identifier: Apache-2.0
package io.dvdi.predecessor;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/** Writes dvdimounts.pb as mesos-module-dvdi does, through Mesos' own checkpointing. */
public final class Dvdimounts {
  private final ByteArrayOutputStream list = new ByteArrayOutputStream();

  public Dvdimounts mount(String container, String driver, String name, String mountpoint) {
    ByteArrayOutputStream mount = new ByteArrayOutputStream();
    text(mount, 1, container);
    text(mount, 2, driver);
    text(mount, 3, name);
    text(mount, 4, mountpoint);
    text(mount, 5, "size=5");
    text(mount, 7, "/usr/bin/dvdcli");
    mount.write(8 << 3);
    mount.write(0);
    bytes(list, 1, mount.toByteArray());
    return this;
  }

  private static void text(ByteArrayOutputStream message, int field, String text) {
    bytes(message, field, text.getBytes(UTF_8));
  }

  private static void bytes(ByteArrayOutputStream message, int field, byte[] content) {
    message.write((field << 3) | 2);
    for (int length = content.length; ; length >>= 7) {
      message.write(length > 0x7f ? (length & 0x7f) | 0x80 : length);
      if (length <= 0x7f) {
        break;
      }
    }
    message.writeBytes(content);
  }

  /** The message alone. */
  public byte[] bare() {
    return list.toByteArray();
  }

  /** With its length before it. */
  public byte[] file() {
    return ByteBuffer.allocate(4 + list.size())
        .order(ByteOrder.nativeOrder())
        .putInt(list.size())
        .put(bare())
        .array();
  }
}
