// SPDX-License-Identifier: Apache-2.0
package io.dvdi.simulator;

import io.dvdi.lifecycle.Seen.Health;
import io.dvdi.volume.Options;
import org.jspecify.annotations.Nullable;

/**
 * What really happened to a volume since it was last clean, as only the simulator knows it: by this
 * it is decided whether an end was one that nobody can avoid.
 */
final class Truth {
  /** A call of ours took effect later than a doubt lasts, or may. */
  boolean later;

  /** A Mount or Unmount of ours was cut off, refused or answered wrongly. */
  boolean unclear;

  /** The driver said that it had done what it had not. */
  boolean lied;

  /** A Mount of ours was done although the driver said that it failed, or was done twice. */
  boolean tooOften;

  /** Somebody unmounted behind the driver's back. */
  boolean outsider;

  /** The driver has forgotten whom it had. */
  boolean forgot;

  /** Another client had the volume. */
  boolean others;

  /** The driver has mounted again by itself after a boot. */
  boolean mountedAgain;

  /** It was looked at while its path was not known. */
  boolean unseen;

  /** A mount ID went from the record while its path was not known, and the driver had answered. */
  boolean settledUnseen;

  /** Something else was looked at that was mounted over the path after the announcement. */
  boolean coverSeen;

  /** A record was torn when the power failed. */
  boolean tornAtBoot;

  /** An end that nobody can avoid has come: what follows of it is not judged. */
  boolean spoiled;

  /** What the driver was told with the last Mount. */
  Options options = Options.NONE;

  /** The newest mount ID on record, and when it was announced. */
  String lastAnnounced = "";

  long lastAnnouncedAt = Long.MAX_VALUE;

  /** When the look began that showed the moment of that announcement. */
  long lastMomentAt = Long.MAX_VALUE;

  /** The driver did not say what it knows when it was asked last. */
  boolean askFailed;

  /** By its record, the driver keeps an account. */
  boolean accountOnRecord;

  /** The oldest mount ID on record, when it was announced. */
  String announced = "";

  /** When the look began that showed the moment of that announcement. */
  long momentAt = Long.MIN_VALUE;

  long lookBeganAt = Long.MIN_VALUE;

  /** When the oldest mount ID on record was announced. */
  long announcedAt = Long.MAX_VALUE;

  /** The last write of its record failed. */
  boolean writeFailed;

  /** What the newest mount ID was proved with. */
  @Nullable KernelMount proved;

  // What the last look showed.
  @Nullable KernelMount lookedAt;
  @Nullable Health health;
  boolean covered;
  long lookedAtTime = Long.MIN_VALUE;
  long askedAtTime = Long.MIN_VALUE;
  boolean existedWhenAsked;

  /** Default options do not count: nobody gave them. */
  boolean isMountedWithOtherOptionsThan(Task task) {
    Options given = options.given();
    return !task.options.isEmpty()
        && !given.isEmpty()
        && !task.options.equals(given)
        && !task.wished.values().equals(options.values());
  }

  void clear() {
    later = false;
    unclear = false;
    lied = false;
    tooOften = false;
    outsider = false;
    forgot = false;
    others = false;
    tornAtBoot = false;
    mountedAgain = false;
    unseen = false;
    settledUnseen = false;
    coverSeen = false;
    proved = null;
    spoiled = false;
  }

  void boot(boolean torn, boolean forgotten) {
    if (forgotten) {
      clear();
    }
    tornAtBoot |= torn;
  }
}
