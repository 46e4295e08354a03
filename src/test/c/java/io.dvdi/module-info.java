// SPDX-License-Identifier: Apache-2.0
/** A stand-in for the isolator, for tests of the C side: it mounts nothing. */
module io.dvdi {
  exports io.dvdi.module;
}
