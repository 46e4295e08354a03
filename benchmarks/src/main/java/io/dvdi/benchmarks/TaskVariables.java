// SPDX-License-Identifier: Apache-2.0
package io.dvdi.benchmarks;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** The variables of a task. */
public final class TaskVariables {
  /** As many as Mesos and Marathon set for a task, about. */
  private static final int OTHERS = 30;

  private TaskVariables() {}

  /**
   * The variables of a task with volumes, and those that have nothing to do with volumes.
   *
   * @param driver of all volumes
   * @param options of each volume, in the form of DVDI_VOLUME_OPTS
   * @param volumes how many, from 0 to 32: {@code data}, {@code data-1} and so on
   */
  public static List<Map.Entry<String, String>> of(String driver, String options, int volumes) {
    List<Map.Entry<String, String>> variables = new ArrayList<>();
    for (int i = 0; i < OTHERS; i++) {
      variables.add(
          Map.entry("MARATHON_APP_LABEL_NUMBER_" + i, "a value of some length, such as a URL"));
    }
    for (int i = 0; i < volumes; i++) {
      String slot = i == 0 ? "" : String.valueOf(i);
      variables.add(Map.entry("DVDI_VOLUME_NAME" + slot, i == 0 ? "data" : "data-" + i));
      variables.add(Map.entry("DVDI_VOLUME_DRIVER" + slot, driver));
      variables.add(Map.entry("DVDI_VOLUME_OPTS" + slot, options));
      variables.add(Map.entry("DVDI_VOLUME_CONTAINERPATH" + slot, "data" + slot));
    }
    return List.copyOf(variables);
  }
}
