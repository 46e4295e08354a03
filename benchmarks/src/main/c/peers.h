/* SPDX-License-Identifier: Apache-2.0 */
/* peers.h - how other isolators have dvdcli mount and unmount a volume, without what they do beside that. */
#ifndef DVDI_BENCHMARK_PEERS_H
#define DVDI_BENCHMARK_PEERS_H

#include "host.h"

/* As mesos-module-dvdi 0.4.7: popen(3) of a shell, which starts dvdcli. Waits for its end. */
void shell_prepare(const char *dvdcli, const struct host_task *task);
void shell_cleanup(const char *dvdcli, const struct host_task *task);

/* As docker/volume of Mesos 1.12: fork(2), exec(3), and a wait for its end. */
void exec_prepare(const char *dvdcli, const struct host_task *task);
void exec_cleanup(const char *dvdcli, const struct host_task *task);

#endif /* DVDI_BENCHMARK_PEERS_H */
