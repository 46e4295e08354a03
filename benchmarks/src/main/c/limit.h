/* SPDX-License-Identifier: Apache-2.0 */
/*
 * limit.h - what one volume of a plugin costs if nothing but the system calls is done: the plugin's answers, the
 * records with their fsyncs, and the questions to the kernel. The module makes each of these calls too. There is no
 * thread, no JSON, no container and no error handling beyond the end of the program.
 */
#ifndef DVDI_BENCHMARK_LIMIT_H
#define DVDI_BENCHMARK_LIMIT_H

#include "host.h"

/* Where the plugin listens, a folder for records, and the folder in which the plugin mounts volumes. */
void limit_open(const char *socket, const char *records, const char *volumes);

/* Does what the module does for a container with one volume until the container can start. */
void limit_prepare(const struct host_task *task);

/* Does what the module does when the container has ended. */
void limit_cleanup(const struct host_task *task);

#endif /* DVDI_BENCHMARK_LIMIT_H */
