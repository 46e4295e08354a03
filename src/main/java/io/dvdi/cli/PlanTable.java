// SPDX-License-Identifier: Apache-2.0
package io.dvdi.cli;

import io.dvdi.volume.VolumeRequest;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/** Plans for a person to read: a row for each volume, in columns as wide as they have to be. */
final class PlanTable {
  private static final String NONE = "-";

  private PlanTable() {}

  static String of(List<Plan> plans) {
    List<List<String>> rows = new ArrayList<>();
    rows.add(List.of("APP", "VOLUME", "DRIVER", "TASK SEES IT AT", "VARIABLE", "MODE", "OPTIONS"));
    for (Plan plan : plans) {
      if (plan.volumes().isEmpty()) {
        rows.add(
            List.of(plan.app().toString(), "(no external volume)", NONE, NONE, NONE, NONE, NONE));
      }
      for (VolumeRequest volume : plan.volumes()) {
        rows.add(
            List.of(
                plan.app().toString(),
                volume.id().name(),
                volume.id().driver(),
                Plan.path(volume).orElse("(its mountpoint on the host)"),
                Plan.variable(volume).orElse(NONE),
                Plan.mode(volume),
                options(volume)));
      }
    }
    return aligned(rows);
  }

  private static String options(VolumeRequest volume) {
    String options =
        volume.options().isEmpty()
            ? NONE
            : ShownOptions.of(volume.options()).entrySet().stream()
                .map(option -> option.getKey() + "=" + option.getValue())
                .collect(Collectors.joining(" "));
    return volume.mustExist() ? options + " (must exist)" : options;
  }

  private static String aligned(List<List<String>> rows) {
    int[] widths = new int[rows.getFirst().size()];
    for (List<String> row : rows) {
      for (int i = 0; i < widths.length; i++) {
        widths[i] = Math.max(widths[i], width(row.get(i)));
      }
    }
    StringBuilder table = new StringBuilder();
    for (List<String> row : rows) {
      for (int i = 0; i < widths.length - 1; i++) {
        table.append(row.get(i)).repeat(' ', widths[i] - width(row.get(i)) + 2);
      }
      table.append(row.getLast()).append('\n');
    }
    return table.toString();
  }

  private static int width(String cell) {
    return cell.codePointCount(0, cell.length());
  }
}
