// SPDX-License-Identifier: Apache-2.0
import org.jspecify.annotations.NullMarked;

/** External storage volumes for Mesos tasks. Packages and their arrows: see ARCHITECTURE.md. */
@NullMarked
@SuppressWarnings(
    "requires-automatic") // httpcore5 declares its module's name, but has no module-info
module io.dvdi {
  requires com.fasterxml.jackson.databind;
  requires org.apache.httpcomponents.core5.httpcore5;
  requires static org.jspecify;
}
