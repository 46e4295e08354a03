/* SPDX-License-Identifier: Apache-2.0 */
#include "crash.h"

#include <signal.h>
#include <stddef.h>

static const int numbers[] = {SIGSEGV, SIGBUS, SIGFPE, SIGILL};

enum { SIGNALS = sizeof numbers / sizeof numbers[0] };

static struct sigaction of_host[SIGNALS];
static struct sigaction of_jvm[SIGNALS];

/*
 * The signal that this thread handles. Not allocated at the first use, which would be in a handler: that is what the
 * model is for (ELF's "initial-exec").
 */
static __thread struct {
  const struct sigaction *host; /* NULL: none */
  int number;
  siginfo_t *info;
  void *context;
} handled __attribute__((tls_model("initial-exec")));

void dvdi_hide_crash_handlers(void) {
  const struct sigaction standard = {.sa_handler = SIG_DFL};
  for (size_t i = 0; i < SIGNALS; i++)
    sigaction(numbers[i], &standard, &of_host[i]);
}

static bool is_function(const struct sigaction *action) {
  return (action->sa_flags & SA_SIGINFO) != 0 || (action->sa_handler != SIG_DFL && action->sa_handler != SIG_IGN);
}

static void call(const struct sigaction *action, int number, siginfo_t *info, void *context) {
  if ((action->sa_flags & SA_SIGINFO) != 0) {
    action->sa_sigaction(number, info, context);
  } else {
    action->sa_handler(number);
  }
}

/* The JVM uses these signals itself, for null pointers and safepoints. It returns only from those. */
static void on_signal(int number, siginfo_t *info, void *context) {
  size_t i = 0;
  while (i < SIGNALS - 1 && numbers[i] != number)
    i++;
  handled.number = number;
  handled.info = info;
  handled.context = context;
  handled.host = &of_host[i];
  call(&of_jvm[i], number, info, context);
  handled.host = NULL;
}

void dvdi_follow_crashes(void) {
  for (size_t i = 0; i < SIGNALS; i++) {
    sigaction(numbers[i], NULL, &of_jvm[i]);
    struct sigaction action = of_jvm[i];
    action.sa_flags |= SA_SIGINFO;
    action.sa_sigaction = on_signal;
    sigaction(numbers[i], is_function(&of_jvm[i]) ? &action : &of_host[i], NULL);
  }
}

bool dvdi_is_crash(void) {
  return handled.host != NULL;
}

void dvdi_crash_as_without_jvm(void) {
  if (!dvdi_is_crash())
    return;
  const struct sigaction *host = handled.host;
  /* A crash in the host's handler is not handled again. */
  handled.host = NULL;
  const int number = handled.number;
  sigaction(number, host, NULL);
  if (is_function(host))
    call(host, number, handled.info, handled.context);
  sigaction(number, &(struct sigaction){.sa_handler = SIG_DFL}, NULL);
  sigset_t one;
  sigemptyset(&one);
  sigaddset(&one, number);
  pthread_sigmask(SIG_UNBLOCK, &one, NULL);
  raise(number);
}
