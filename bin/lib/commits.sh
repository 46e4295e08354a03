# SPDX-License-Identifier: Apache-2.0
# shellcheck shell=bash disable=SC2034
# Checks commits out beside this checkout, to build and run them too. Sourced by regressions and mesos-test.

# Sets $tree to a checkout of the commit $1 in target/commits, which is kept with what is built in it.
check_out() {
  local sha
  if ! sha=$(git rev-parse --verify --quiet "$1^{commit}"); then
    echo "This repository has no commit $1. Fetch it, or name another one." >&2
    return 2
  fi
  tree=$PWD/target/commits/$sha
  if [[ ! -d $tree ]]; then
    rm -rf "$tree.new"
    git clone --quiet --shared --no-checkout . "$tree.new"
    git -C "$tree.new" checkout --quiet --detach "$sha"
    mv "$tree.new" "$tree"
  fi
}
