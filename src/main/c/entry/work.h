/* SPDX-License-Identifier: Apache-2.0 */
/* work.h - a piece of work on a thread of its own, and a wait for it that ends. */
#ifndef DVDI_WORK_H
#define DVDI_WORK_H

enum dvdi_outcome {
  DVDI_WORK_DONE,
  DVDI_WORK_ABANDONED, /* dvdi_abandon_work was called: it will never end */
  DVDI_WORK_LATE,      /* it has not ended yet, and may still end */
  DVDI_WORK_NO_THREAD  /* the thread could not be made; errno says why */
};

/*
 * Runs `body(argument)` on a new thread and waits for it, no longer than `milliseconds`. One at a time. Unless the
 * work is done, or had no thread, `argument` has to stay valid for ever.
 */
enum dvdi_outcome dvdi_run_work(void (*body)(void *), void *argument, unsigned milliseconds);

/* Ends the wait for the work that runs now, if any. May be called on any thread. Returns whether one was waited for. */
int dvdi_abandon_work(void);

#endif /* DVDI_WORK_H */
