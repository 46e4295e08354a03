/* SPDX-License-Identifier: Apache-2.0 */
/* work.h - runs a function on a new thread, and waits for it with a deadline. */
#ifndef DVDI_WORK_H
#define DVDI_WORK_H

enum dvdi_outcome {
  DVDI_WORK_DONE,
  DVDI_WORK_ABANDONED, /* dvdi_abandon_work was called: it will never end */
  DVDI_WORK_LATE,      /* the deadline has passed; it may still end */
  DVDI_WORK_NO_THREAD  /* the thread could not be made; errno says why */
};

/*
 * Runs `body(argument)` on a new thread, and waits for it for at most `milliseconds`. Only one call at a time. After
 * DVDI_WORK_ABANDONED and DVDI_WORK_LATE, `argument` must stay valid until the process ends.
 */
enum dvdi_outcome dvdi_run_work(void (*body)(void *), void *argument, unsigned milliseconds);

/* Ends the current wait, if there is one. May be called on any thread. Returns whether there was one. */
int dvdi_abandon_work(void);

#endif /* DVDI_WORK_H */
