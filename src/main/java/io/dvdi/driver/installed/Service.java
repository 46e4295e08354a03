// SPDX-License-Identifier: Apache-2.0
package io.dvdi.driver.installed;

import java.util.Locale;
import java.util.Optional;

/** Through what drivers are reached that are not built in; the operator's choice. */
public enum Service {
  /** A plugin if there is one of that name, else dvdcli if it is installed. */
  AUTO,
  PLUGIN,
  DVDCLI;

  /** As it is written in modules.json; absent when it is none of them. */
  public static Optional<Service> of(String text) {
    for (Service service : values()) {
      if (service.text().equals(text)) {
        return Optional.of(service);
      }
    }
    return Optional.empty();
  }

  /** As it is written in modules.json and in records. */
  public String text() {
    return name().toLowerCase(Locale.ROOT);
  }
}
