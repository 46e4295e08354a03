# SPDX-License-Identifier: Apache-2.0
# Adds the Debian package of dvdi to the image BASE of a Mesos agent. The build context is target/packages, which
# bin/package fills. docs/containers.md says how to run the result.
ARG BASE
FROM $BASE
RUN --mount=type=bind,target=/mnt \
  apt-get update && \
  DEBIAN_FRONTEND=noninteractive apt-get install --yes --no-install-recommends /mnt/dvdi_*.deb && \
  apt-get clean && \
  rm -rf /var/lib/apt/lists/*
