#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# exports_test.sh LIBRARY SYMBOL...: it exports these symbols and no other, needs no library of a JDK, and is never
# unloaded.
set -euo pipefail
library=$1
shift

# Sanitizers add symbols of their own, in their own namespace.
exported=$(nm --dynamic --defined-only "$library" | awk '{ print $3 }' | grep -Ev '^__([alu]+san|odr_asan)' | sort || true)
if [ "$exported" != "$(printf '%s\n' "$@" | sort)" ]; then
  echo "exports other symbols than $*: $exported" >&2
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
