/* SPDX-License-Identifier: Apache-2.0 */
#include "host_state.h"

#include <locale.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/*
 * The rest of what a JVM changes is turned off by options (jvm_options.c): the signals of -Xrs, the limit of open
 * files. The handlers of SIGSEGV, SIGBUS, SIGFPE and SIGILL it needs; it calls those that were there before for what
 * is not its own.
 */

/* proc(5). What is in a core dump is inherited by everything that the host starts. */
static const char core_filter[] = "/proc/self/coredump_filter";

static void read_core_filter(char text[16]) {
  text[0] = '\0';
  FILE *file = fopen(core_filter, "re");
  if (file == NULL)
    return;
  /* It is read as 00000033, and would be taken for octal when written so. */
  memcpy(text, "0x", 3);
  if (fgets(text + 2, 14, file) == NULL)
    text[0] = '\0';
  text[strcspn(text, "\n")] = '\0';
  fclose(file);
}

static void restore_core_filter(const char *before) {
  char now[16];
  read_core_filter(now);
  if (before[0] == '\0' || strcmp(before, now) == 0)
    return;
  FILE *file = fopen(core_filter, "we");
  if (file == NULL)
    return;
  fputs(before, file);
  fclose(file);
}

void dvdi_save_host_state(struct dvdi_host_state *state) {
  sigaction(SIGPIPE, NULL, &state->pipe);
  sigaction(SIGXFSZ, NULL, &state->file_too_big);
  sigaction(SIGUSR2, NULL, &state->suspend);
  const char *locale = setlocale(LC_ALL, NULL);
  state->locale = locale != NULL ? strdup(locale) : NULL;
  read_core_filter(state->core_filter);
}

static bool is_default(const struct sigaction *action) {
  return (action->sa_flags & SA_SIGINFO) == 0 && action->sa_handler == SIG_DFL;
}

void dvdi_restore_host_state(struct dvdi_host_state *state) {
  sigaction(SIGPIPE, &state->pipe, NULL);
  sigaction(SIGXFSZ, &state->file_too_big, NULL);
  /*
   * The JVM suspends threads with SIGUSR2, for example for JFR. With the default disposition back in place that would
   * end the process, so the JVM may keep it unless the host has a use for it.
   */
  if (!is_default(&state->suspend))
    sigaction(SIGUSR2, &state->suspend, NULL);
  /* Java calls setlocale(LC_ALL, ""): with a comma for the decimal point the host would print wrong JSON. */
  if (state->locale != NULL && strcmp(setlocale(LC_ALL, NULL), state->locale) != 0)
    setlocale(LC_ALL, state->locale);
  free(state->locale);
  state->locale = NULL;
  restore_core_filter(state->core_filter);
}
