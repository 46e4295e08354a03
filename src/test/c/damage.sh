#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# damage.sh FILE COPY: copies a file of some megabytes, with one block of it overwritten.
set -euo pipefail
cp "$1" "$2"
dd if=/dev/zero of="$2" bs=4096 seek=200 count=100 conv=notrunc status=none
