// SPDX-License-Identifier: Apache-2.0
package io.dvdi.lifecycle;

import io.dvdi.lifecycle.MountId.MountCall;
import io.dvdi.lifecycle.MountId.UnmountCall;
import io.dvdi.volume.ContainerId;
import io.dvdi.volume.VolumeId;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Everything that is known about a volume between two events. Immutable.
 *
 * @param id the volume
 * @param record what is known; absent if there is nothing to know
 * @param disk what is on disk
 * @param waiting the containers that wait for an answer
 * @param doing what is under way
 * @param memory what only this agent remembers
 */
public record VolumeState(
    VolumeId id,
    Optional<VolumeRecord> record,
    Disk disk,
    Waiting waiting,
    Doing doing,
    Memory memory) {

  /**
   * Containers that wait for an answer.
   *
   * @param wishes in the order in which they came
   * @param ended containers that have ended, and are still on record as users
   * @param unanswered containers that have ended, and wait for {@link VolumeStep.Freed}
   */
  public record Waiting(List<Wish> wishes, List<ContainerId> ended, List<ContainerId> unanswered) {
    static final Waiting NOBODY = new Waiting(List.of(), List.of(), List.of());
  }

  /**
   * What is not on record: the next agent begins without it.
   *
   * @param pause before the next attempt
   * @param announced how many mount IDs this agent has announced
   * @param unmounted the last mount that the driver or the module has unmounted; only what is
   *     logged depends on it
   */
  public record Memory(Pause pause, long announced, Optional<Evidence> unmounted) {
    static final Memory NOTHING = new Memory(Pause.NONE, 0, Optional.empty());

    /** The same with another pause. */
    public Memory with(Pause next) {
      return new Memory(next, announced, unmounted);
    }
  }

  /** What is on disk. */
  public sealed interface Disk {}

  /** This record, or none. */
  public record Holds(Optional<VolumeRecord> record) implements Disk {}

  /** A write failed: the old record or the new one. */
  public record Unsure() implements Disk {}

  /** A record that cannot be read. The volume is left alone in this boot. */
  public record Unreadable(String words) implements Disk {}

  /**
   * A pause between two attempts.
   *
   * @param until its end, in ms of CLOCK_BOOTTIME
   * @param tries how many attempts have failed
   * @param said whether the operator was told why
   * @param forced whether the module could not unmount it either, since the last attempt
   */
  public record Pause(long until, int tries, boolean said, boolean forced) {
    static final Pause NONE = new Pause(0, 0, true);

    public Pause(long until, int tries, boolean said) {
      this(until, tries, said, false);
    }
  }

  /** A volume without a record. */
  public static VolumeState none(VolumeId id) {
    return of(id, Optional.empty(), new Holds(Optional.empty()));
  }

  /** A volume whose record cannot be read. */
  public static VolumeState unreadable(VolumeId id, String words) {
    return of(id, Optional.empty(), new Unreadable(words));
  }

  /**
   * A volume as an earlier agent left it.
   *
   * @param record as it is on disk
   * @param alive the containers that the host knows
   */
  public static VolumeState recovered(VolumeRecord record, Set<ContainerId> alive) {
    List<ContainerId> users = record.users().stream().filter(alive::contains).toList();
    return of(record.id(), Optional.of(record.withUsers(users)), new Holds(Optional.of(record)));
  }

  /**
   * A volume as an agent of an earlier boot left it. Its mounts are gone, and no call can still
   * arrive.
   */
  public static VolumeState recoveredAfterBoot(VolumeRecord record) {
    Moment never = Moment.UNKNOWN;
    VolumeRecord left =
        record
            .withUsers(List.of())
            .withMountIds(
                record.mountIds().stream()
                    .map(id -> id.with(MountCall.EARLIER_BOOT).with(UnmountCall.NONE))
                    .toList())
            .with(new Whereabouts(record.where().path(), false, Optional.empty(), never, never));
    return of(record.id(), Optional.of(left), new Holds(Optional.of(record)));
  }

  private static VolumeState of(VolumeId id, Optional<VolumeRecord> record, Disk disk) {
    return new VolumeState(id, record, disk, Waiting.NOBODY, new Doing.Resting(), Memory.NOTHING);
  }

  /** The wishes of containers that wait, in the order in which they came. */
  public List<Wish> wishes() {
    return waiting.wishes();
  }

  /** Whether this state can be forgotten: nothing is on record, wanted or under way. */
  public boolean isOver() {
    return record.isEmpty()
        && disk.equals(new Holds(Optional.empty()))
        && wishes().isEmpty()
        && doing instanceof Doing.Resting;
  }
}
