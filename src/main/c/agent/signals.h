/* SPDX-License-Identifier: Apache-2.0 */
/* signals.h - SIGINT, SIGTERM and SIGHUP, for the loop. */
#ifndef DVDI_AGENT_SIGNALS_H
#define DVDI_AGENT_SIGNALS_H

/* Starts to catch them, and to ignore SIGPIPE. Gives the descriptor to watch, or -1 with errno. */
int signals_open(void);

/* Takes the oldest signal that came, or 0. */
int signals_take(void);

#endif /* DVDI_AGENT_SIGNALS_H */
