// SPDX-License-Identifier: Apache-2.0
package io.dvdi.plugin;

import java.util.ArrayList;
import java.util.List;

/** The calls of a plugin's clients, in the order in which they came. Thread-safe. */
final class CallLog {
  private record Call(String method, String volume, String id) {}

  private final List<Call> came = new ArrayList<>();
  private final List<Call> done = new ArrayList<>();

  synchronized void came(String method, String volume, String id) {
    came.add(new Call(method, volume, id));
  }

  /** What the client wants was done, or at least tried. */
  synchronized void done(String method, String volume, String id) {
    done.add(new Call(method, volume, id));
  }

  /** The mount IDs of a volume's calls that came; "-" for a call without one. */
  synchronized List<String> came(String method, String volume) {
    return ids(came, method, volume);
  }

  /** The same, of those that were done. */
  synchronized List<String> done(String method, String volume) {
    return ids(done, method, volume);
  }

  private static List<String> ids(List<Call> calls, String method, String volume) {
    return calls.stream()
        .filter(call -> call.method.equals(method) && call.volume.equals(volume))
        .map(call -> call.id.isEmpty() ? "-" : call.id)
        .toList();
  }
}
