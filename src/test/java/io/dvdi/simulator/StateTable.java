// SPDX-License-Identifier: Apache-2.0
package io.dvdi.simulator;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** The states that were visited, in the order in which they were found, and how. */
final class StateTable {
  private static final byte REST = 1;
  private static final byte STAY = 2;

  private long[] keys = new long[1 << 17]; // two for each slot
  private int[] slots = new int[1 << 16]; // an index, plus one
  private int[] from = new int[1024];
  private short[] moves = new short[1024];
  private int[] fair = new int[1024];
  private byte[] marks = new byte[1024];
  private int size;
  private final Map<String, Short> numbers = new HashMap<>();
  private final List<String> names = new ArrayList<>();

  int size() {
    return size;
  }

  /** The new state's index, or -1 minus the index of the known one. */
  int add(Fingerprint print, int salt, int parent, String move) {
    if (2 * size > slots.length) {
      grow();
    }
    long high = print.high + salt;
    int slot = slot(high, print.low);
    if (slots[slot] != 0) {
      return -slots[slot];
    }
    keys[2 * slot] = high;
    keys[2 * slot + 1] = print.low;
    if (size == from.length) {
      from = Arrays.copyOf(from, size * 2);
      moves = Arrays.copyOf(moves, size * 2);
      fair = Arrays.copyOf(fair, size * 2);
      marks = Arrays.copyOf(marks, size * 2);
    }
    from[size] = parent;
    fair[size] = -1;
    moves[size] =
        numbers.computeIfAbsent(
            move,
            words -> {
              names.add(words);
              return (short) (names.size() - 1);
            });
    slots[slot] = ++size;
    return size - 1;
  }

  private int slot(long high, long low) {
    int mask = slots.length - 1;
    int slot = (int) high & mask;
    while (slots[slot] != 0 && (keys[2 * slot] != high || keys[2 * slot + 1] != low)) {
      slot = slot + 1 & mask;
    }
    return slot;
  }

  private void grow() {
    long[] oldKeys = keys;
    int[] oldSlots = slots;
    keys = new long[oldKeys.length * 2];
    slots = new int[oldSlots.length * 2];
    for (int i = 0; i < oldSlots.length; i++) {
      if (oldSlots[i] != 0) {
        int slot = slot(oldKeys[2 * i], oldKeys[2 * i + 1]);
        keys[2 * slot] = oldKeys[2 * i];
        keys[2 * slot + 1] = oldKeys[2 * i + 1];
        slots[slot] = oldSlots[i];
      }
    }
  }

  void fair(int state, int next) {
    fair[state] = next;
  }

  void rests(int state) {
    marks[state] |= REST;
  }

  /** It may stay like this for ever, by an accepted end. */
  void mayStay(int state) {
    marks[state] |= STAY;
  }

  private int staying;

  int staying() {
    return staying;
  }

  /** The states from which a fair world goes round in circles, none of which may be stayed in. */
  List<Integer> restless() {
    List<Integer> found = new ArrayList<>();
    byte[] seen = new byte[size]; // 1: on the way, 2: comes to rest
    int[] way = new int[size];
    for (int start = 0; start < size; start++) {
      int length = 0;
      int state = start;
      while (state >= 0 && seen[state] == 0 && (marks[state] & REST) == 0) {
        seen[state] = 1;
        way[length++] = state;
        state = fair[state];
      }
      if (state < 0) {
        found.add(way[length - 1]);
      } else if (seen[state] == 1) {
        boolean stays = false;
        for (int i = length - 1; i >= 0; i--) {
          stays |= (marks[way[i]] & STAY) != 0;
          if (way[i] == state) {
            break;
          }
        }
        if (stays) {
          staying++;
        } else {
          found.add(state);
        }
      }
      for (int i = 0; i < length; i++) {
        seen[way[i]] = 2;
      }
    }
    return found;
  }

  List<String> trace(int state) {
    List<String> trace = new ArrayList<>();
    for (int i = state; i >= 0; i = from[i]) {
      trace.add(0, names.get(moves[i]));
    }
    return trace;
  }
}
