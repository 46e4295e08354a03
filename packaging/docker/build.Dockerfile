# SPDX-License-Identifier: Apache-2.0
# Adds the tools that build and test dvdi to the image BASE, a Debian or Ubuntu in which Mesos and its headers are
# installed. The build context is bin. docs/containers.md says how to run the result.
ARG BASE=debian:12
FROM $BASE
ARG DVDI_JDK_MIRROR
# bin/package reads the mirror from the lists of packages, so they stay. And it reads the time of the last commit, also
# of a checkout that belongs to a user of the host.
RUN --mount=type=bind,source=lib,target=/mnt \
  bash -euc 'source /mnt/jdk.sh; source /mnt/packages.sh; require_packages "$BUILD_NEEDS" "$TEST_NEEDS" "$PACKAGE_NEEDS"' && \
  git config --system safe.directory /dvdi
WORKDIR /dvdi
