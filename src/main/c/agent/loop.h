/* SPDX-License-Identifier: Apache-2.0 */
/* loop.h - waits for descriptors, on one thread. */
#ifndef DVDI_AGENT_LOOP_H
#define DVDI_AGENT_LOOP_H

#include <stdbool.h>
#include <stdint.h>

struct loop {
  int epoll;
  bool stopped;
};

/* Something that the loop waits for. The caller owns it, and must not move it while it is watched. */
struct watch {
  int descriptor; /* -1: nothing is watched */
  void (*ready)(void *context);
  void *context;
};

bool loop_open(struct loop *loop);

/* Calls `ready` whenever the descriptor is readable. Takes ownership of it. False with errno on failure. */
bool loop_watch(struct loop *loop, struct watch *watch, int descriptor, void (*ready)(void *), void *context);

/* Calls `ready` once, after this time. False with errno on failure. */
bool loop_watch_time(struct loop *loop, struct watch *watch, uint64_t milliseconds, void (*ready)(void *),
                     void *context);

/* Ends a watch and closes its descriptor. Does nothing if nothing is watched. */
void loop_forget(struct watch *watch);

/* Runs until `stopped` is set. False with errno if it cannot wait. */
bool loop_run(struct loop *loop);

#endif /* DVDI_AGENT_LOOP_H */
