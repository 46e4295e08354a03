// SPDX-License-Identifier: Apache-2.0
package io.dvdi.simulator;

import java.util.Arrays;

/**
 * Virtual time: what happens when. Of what happens at the same moment, in the order it was planned.
 */
final class Calendar {
  private long[] times = new long[64];
  private Runnable[] events = new Runnable[64];
  private int size;
  private int planned;
  long now;

  /** Milliseconds from now. */
  void in(long delay, Runnable event) {
    at(now + delay, event);
  }

  void at(long moment, Runnable event) {
    if (size == times.length) {
      times = Arrays.copyOf(times, size * 2);
      events = Arrays.copyOf(events, size * 2);
    }
    long key = Math.max(moment, now) << 20 | planned++ & 0xFFFFF;
    int i = size++;
    while (i > 0 && times[i - 1 >>> 1] > key) {
      times[i] = times[i - 1 >>> 1];
      events[i] = events[i - 1 >>> 1];
      i = i - 1 >>> 1;
    }
    times[i] = key;
    events[i] = event;
  }

  boolean isEmpty() {
    return size == 0;
  }

  long next() {
    return times[0] >> 20;
  }

  /** Lets the next thing happen. */
  void advance() {
    Runnable event = events[0];
    now = times[0] >> 20;
    long key = times[--size];
    Runnable moved = events[size];
    events[size] = null;
    int i = 0;
    while (true) {
      int child = 2 * i + 1;
      if (child >= size) {
        break;
      }
      if (child + 1 < size && times[child + 1] < times[child]) {
        child++;
      }
      if (times[child] >= key) {
        break;
      }
      times[i] = times[child];
      events[i] = events[child];
      i = child;
    }
    if (size > 0) {
      times[i] = key;
      events[i] = moved;
    }
    event.run();
  }
}
