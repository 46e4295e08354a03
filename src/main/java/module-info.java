// SPDX-License-Identifier: Apache-2.0
import org.jspecify.annotations.NullMarked;

/** External storage volumes for Mesos tasks. Packages and their arrows: see ARCHITECTURE.md. */
@NullMarked
module io.dvdi {
  requires com.fasterxml.jackson.databind;
  requires static org.jspecify;
}
