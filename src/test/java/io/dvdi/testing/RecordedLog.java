// SPDX-License-Identifier: Apache-2.0
package io.dvdi.testing;

import io.dvdi.log.Log;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** A log that remembers its lines, each as {@code LEVEL text}. */
public final class RecordedLog implements Log {
  private final List<String> lines = new CopyOnWriteArrayList<>();

  @Override
  public void write(Level level, String text) {
    lines.add(level + " " + text);
  }

  /** What was written until now. */
  public List<String> lines() {
    return List.copyOf(lines);
  }
}
