/* SPDX-License-Identifier: Apache-2.0 */
#include "ending.h"

#include <errno.h>
#include <string.h>

#include "log.h"
#include "signals.h"

/* What happens to containers one after another, and how long is waited for an effect. */
static const struct {
  void (*act)(struct container *container);
  unsigned milliseconds;
} steps[] = {{container_end, 5 * 1000}, {container_kill, 10 * 1000}, {container_abandon, 0}};

enum { STEPS = sizeof steps / sizeof steps[0] };

static void next_step(void *context) {
  struct ending *ending = context;
  loop_forget(&ending->patience);
  loop_forget(&ending->time);
  ending->containers->ending = true;
  if (ending->step == STEPS)
    return;
  unsigned step = ending->step++;
  for (size_t i = 0; *ending->items != NULL && i < *ending->count; i++)
    steps[step].act(&(*ending->items)[i]);
  if (step + 1 == STEPS ||
      loop_watch_time(ending->loop, &ending->patience, steps[step].milliseconds, next_step, ending)) {
    return;
  }
  /* Without a clock, kill now rather than never. What was killed ends by itself; if not, a signal ends the agent. */
  log_line(DVDI_WARNING, "Cannot measure how long the tasks take to end: %s.%s", strerror(errno),
           steps[step].act == container_end ? " Killing them at once." : "");
  if (steps[step].act == container_end)
    next_step(ending);
}

static void on_time(void *context) {
  struct ending *ending = context;
  log_line(DVDI_INFO, "The time of --for is over; ending the tasks.");
  next_step(ending);
}

static void on_signal(void *context) {
  struct ending *ending = context;
  int number = signals_take();
  if (number == 0)
    return;
  ending->status = 128 + number;
  ending->signals_seen++;
  if (ending->signals_seen == 1) {
    log_line(DVDI_INFO, "Ending the tasks. A second signal kills them.");
    if (ending->step == 0)
      next_step(ending);
  } else if (ending->signals_seen == 2) {
    log_line(DVDI_INFO, "Killing the tasks. Another signal ends the agent at once.");
    if (ending->step == 0)
      next_step(ending);
    if (ending->step == 1)
      next_step(ending);
  } else {
    log_line(DVDI_WARNING, "Ending at once. The next start with the same work_dir cleans up.");
    ending->loop->stopped = true;
  }
}

bool ending_open(struct ending *ending) {
  ending->time.descriptor = ending->patience.descriptor = -1;
  return loop_watch(ending->loop, &ending->signals, signals_open(), on_signal, ending);
}

bool ending_after(struct ending *ending, uint64_t milliseconds) {
  return loop_watch_time(ending->loop, &ending->time, milliseconds, on_time, ending);
}
