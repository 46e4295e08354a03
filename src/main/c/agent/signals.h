/* SPDX-License-Identifier: Apache-2.0 */
/* signals.h - SIGINT, SIGTERM and SIGHUP, for the loop. */
#ifndef DVDI_AGENT_SIGNALS_H
#define DVDI_AGENT_SIGNALS_H

/* Starts to catch them, and ignores SIGPIPE. Returns the descriptor to watch, or -1 with errno. */
int signals_open(void);

/* Takes the oldest pending signal; 0 if there is none. */
int signals_take(void);

#endif /* DVDI_AGENT_SIGNALS_H */
