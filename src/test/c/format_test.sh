#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# C and C++ sources are formatted as .clang-format says. Skipped (77) where clang-format is missing, but not in CI.
set -euo pipefail

if ! command -v clang-format >/dev/null; then
  echo "clang-format is missing; install the Debian package clang-format" >&2
  if [ "${CI:-}" = true ]; then exit 1; fi
  exit 77
fi
find "$@" \( -name '*.[ch]' -o -name '*.[ch]pp' \) -print0 | xargs -0 clang-format --dry-run -Werror
