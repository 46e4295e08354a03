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
import io.dvdi.volume.ContainerId;
import io.dvdi.volume.Options;
import io.dvdi.volume.VolumeId;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Records as tests write them down. */
final class ExampleRecord {
  private ExampleRecord() {}

  /** A volume that is mounted for one container. */
  static VolumeRecord of(String driver, String name) {
    return of(driver, name, Options.of(Map.of("size", "5")), List.of(new ContainerId("one")));
  }

  static VolumeRecord of(String driver, String name, Options options, List<ContainerId> users) {
    VolumeId id = new VolumeId(driver, name);
    Moment before = Moment.at(4026531841L, 1L << 31).withPath(Optional.empty());
    return new VolumeRecord(
        id,
        new Terms("plugin", options, false, false, false),
        users,
        List.of(new MountId("m-1", id, MountCall.PROVED, UnmountCall.NONE, 120_000)),
        new Whereabouts(
            Optional.of("/mnt/pg"),
            true,
            Optional.of(new Evidence(4026531841L, (1L << 31) + 7, 0, "7:0", "/", "/mnt/pg")),
            before,
            before),
        Trouble.NONE);
  }

  /** One with nothing in it that may be absent. */
  static VolumeRecord bare(MountCall mount, UnmountCall unmount) {
    VolumeId id = new VolumeId("local", "pg");
    Moment before = Moment.UNKNOWN;
    return new VolumeRecord(
        id,
        new Terms("local", Options.NONE, true, true, true),
        List.of(),
        List.of(new MountId("m", id, mount, unmount, 0)),
        new Whereabouts(Optional.empty(), false, Optional.empty(), before, before),
        new Trouble(5, 2, "the array is away"));
  }
}
