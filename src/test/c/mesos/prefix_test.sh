#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# The prefix of a Mesos may be relative to where bin/mesos-test is called: prefix_test.sh MESOS_TEST.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -r "$folder"' EXIT
cd "$folder"
mkdir -p prefix/sbin
said=$("$1" prefix 2>&1) && exit 1
[[ $said == "$folder/prefix has no sbin/mesos-master:"* ]] || { echo "$said" >&2; exit 1; }
touch prefix/sbin/mesos-master
chmod +x prefix/sbin/mesos-master
said=$("$1" ./prefix 2>&1) && exit 1
[[ $said == "$folder/prefix has no sbin/mesos-agent:"* ]] || { echo "$said" >&2; exit 1; }
