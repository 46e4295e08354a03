#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# The library of the embedded agent exports one symbol, needs no library of a JDK, and is never unloaded.
set -euo pipefail
library=$1

# Sanitizers add symbols of their own, in their own namespace.
exported=$(nm --dynamic --defined-only "$library" | awk '{ print $3 }' | grep -Ev '^__([alu]+san|odr_asan)' || true)
if [ "$exported" != dvdi_embedded ]; then
  echo "exports other symbols than dvdi_embedded: $exported" >&2
  exit 1
fi
if readelf --dynamic "$library" | grep -E 'NEEDED.*(jvm|java)'; then
  echo "is linked with a JVM" >&2
  exit 1
fi
if ! readelf --dynamic "$library" | grep -q NODELETE; then
  echo "can be unloaded" >&2
  exit 1
fi
