// SPDX-License-Identifier: Apache-2.0
package io.dvdi.checkpoint;

import io.dvdi.lifecycle.Evidence;
import io.dvdi.lifecycle.Moment;
import io.dvdi.lifecycle.MountId;
import io.dvdi.lifecycle.MountId.MountCall;
import io.dvdi.lifecycle.MountId.UnmountCall;
import io.dvdi.lifecycle.Terms;
import io.dvdi.lifecycle.Trouble;
import io.dvdi.lifecycle.VolumeRecord;
import io.dvdi.lifecycle.Whereabouts;
import io.dvdi.linux.MountNamespace;
import java.util.List;
import java.util.Optional;

/**
 * A record of version 0.1.0. It had one mount ID and one state, and no moment at which that was
 * announced, so that a mount without a kernel mount ID on record is never taken for ours.
 */
final class FirstRecord {
  /** From here on, mount IDs are never used twice (Linux 6.8, MNT_UNIQUE_ID_OFFSET). */
  private static final long FIRST_UNIQUE_ID = 1L << 31;

  private FirstRecord() {}

  static VolumeRecord read(Fields fields) {
    Optional<String> path = fields.optionalText("mountpoint");
    Optional<Evidence> mount =
        fields
            .object("mounted")
            .map(
                seen -> {
                  long id = seen.number("kernel_mount_id");
                  return new Evidence(
                      MountNamespace.own(),
                      id >= FIRST_UNIQUE_ID ? id : 0,
                      id >= FIRST_UNIQUE_ID ? 0 : id,
                      seen.text("device"),
                      "",
                      path.orElse(""));
                });
    // What it says is mounted was proved to be newer than its announcement.
    Moment before =
        mount
            .map(
                seen ->
                    Moment.at(seen.namespace(), Math.max(0, seen.uniqueId() - 1))
                        .withPath(Optional.empty()))
            .orElse(Moment.UNKNOWN);
    return new VolumeRecord(
        RecordJson.id(fields),
        new Terms(
            fields.text("service"),
            RecordJson.options(fields),
            fields.flag("read_only"),
            false,
            false),
        RecordJson.users(fields),
        mountIds(fields),
        new Whereabouts(path, true, mount, before, before),
        Trouble.NONE);
  }

  private static List<MountId> mountIds(Fields fields) {
    MountId sent =
        new MountId(
            fields.text("mount_id"),
            RecordJson.id(fields),
            MountCall.SENT,
            UnmountCall.NONE,
            Long.MAX_VALUE);
    return switch (fields.text("state")) {
      // When it was announced is not known: the longest time begins now.
      case "MOUNTING" -> List.of(sent);
      case "MOUNTED" ->
          List.of(
              new MountId(sent.value(), sent.spelling(), MountCall.PROVED, UnmountCall.NONE, 0));
      case "UNMOUNTING" ->
          List.of(
              new MountId(
                  sent.value(), sent.spelling(), MountCall.DONE, UnmountCall.SENT, Long.MAX_VALUE));
      case "GIVEN_UP" -> List.of(); // answered with success, and the mount stayed
      default -> throw new IllegalArgumentException("its field state has an unknown value");
    };
  }
}
