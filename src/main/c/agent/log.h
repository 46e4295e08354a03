/* SPDX-License-Identifier: Apache-2.0 */
/* log.h - writes the log of the agent and the module to standard error. */
#ifndef DVDI_AGENT_LOG_H
#define DVDI_AGENT_LOG_H

#include <stddef.h>
#include <stdint.h>

/* Writes lines with a level of dvdi.h, each with its prefix. May be called on any thread. */
void log_text(int32_t level, const char *text, size_t size);

void log_line(int32_t level, const char *format, ...) __attribute__((format(printf, 2, 3)));

#endif /* DVDI_AGENT_LOG_H */
