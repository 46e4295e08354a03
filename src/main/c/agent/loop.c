/* SPDX-License-Identifier: Apache-2.0 */
#include "loop.h"

#include <errno.h>
#include <stddef.h>
#include <sys/epoll.h>
#include <sys/timerfd.h>
#include <unistd.h>

bool loop_open(struct loop *loop) {
  loop->stopped = false;
  loop->epoll = epoll_create1(EPOLL_CLOEXEC);
  return loop->epoll >= 0;
}

bool loop_watch(struct loop *loop, struct watch *watch, int descriptor, void (*ready)(void *), void *context) {
  *watch = (struct watch){descriptor, ready, context};
  if (descriptor < 0)
    return false;
  struct epoll_event event = {.events = EPOLLIN, .data.ptr = watch};
  if (epoll_ctl(loop->epoll, EPOLL_CTL_ADD, descriptor, &event) == 0)
    return true;
  int cause = errno;
  loop_forget(watch);
  errno = cause;
  return false;
}

bool loop_watch_time(struct loop *loop, struct watch *watch, uint64_t milliseconds, void (*ready)(void *),
                     void *context) {
  /* timerfd_settime(2): a time of nothing would never be over. */
  if (milliseconds == 0)
    milliseconds = 1;
  struct itimerspec when = {
      .it_value = {.tv_sec = (time_t)(milliseconds / 1000), .tv_nsec = (long)(milliseconds % 1000) * 1000000L}};
  int timer = timerfd_create(CLOCK_MONOTONIC, TFD_CLOEXEC | TFD_NONBLOCK);
  if (timer >= 0)
    timerfd_settime(timer, 0, &when, NULL);
  return loop_watch(loop, watch, timer, ready, context);
}

void loop_forget(struct watch *watch) {
  /* epoll(7): closing takes a descriptor out, as long as no child shares it; all are close-on-exec. */
  if (watch->descriptor >= 0)
    close(watch->descriptor);
  watch->descriptor = -1;
}

bool loop_run(struct loop *loop) {
  while (!loop->stopped) {
    /* One event at a time: what handles it may end the watch that another event belongs to. */
    struct epoll_event event;
    int count = epoll_wait(loop->epoll, &event, 1, -1);
    if (count < 0 && errno != EINTR)
      return false;
    if (count != 1)
      continue;
    struct watch *watch = event.data.ptr;
    watch->ready(watch->context);
  }
  return true;
}
