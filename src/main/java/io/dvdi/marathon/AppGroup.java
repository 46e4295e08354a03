// SPDX-License-Identifier: Apache-2.0
package io.dvdi.marathon;

import io.dvdi.volume.Text;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/** Apps that run side by side, and what that forbids them. */
public final class AppGroup {
  /** An app's volume. */
  private record Use(App app, ExternalVolume volume) {}

  private final Set<AppId> ids = new HashSet<>();
  private final Map<String, Use> volumes = new HashMap<>();

  /**
   * Adds an app.
   *
   * @throws InvalidAppException if it cannot run beside those that were added before
   */
  public void add(App app) {
    if (!ids.add(app.id())) {
      throw new InvalidAppException(
          "id is already used by another app, %s; give each its own".formatted(app.id()));
    }
    for (ExternalVolume volume : app.externalVolumes()) {
      Use other = volumes.putIfAbsent(volume.name(), new Use(app, volume));
      // By name alone, as Marathon: in different drivers they would be different volumes.
      if (other != null && !(volume.shared() && other.volume.shared())) {
        throw new InvalidAppException(
            ("%s: the volume %s is also used by the app %s, which Marathon rejects; Marathon 1.8"
                    + " and later allow it if both apps have \"shared\": true in external")
                .formatted(volume.place(), Text.quote(volume.name()), other.app.id()));
      }
    }
  }
}
