/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A crash of a process with a JVM: crash_test JAVA_HOME. Each crash has a process of its own, with the stand-in
 * isolator.
 */
#include <signal.h>
#include <sys/wait.h>

#include "../../main/c/entry/dvdi_entry.h"
#include "check.h"

static void ignore_line(int32_t level, const struct dvdi_string *text) {
  (void)level;
  (void)text;
}

static void ignore_answer(uint64_t call, const struct dvdi_answer *answer) {
  (void)call;
  (void)answer;
}

static void ignore_metric(int32_t metric, int64_t value) {
  (void)metric;
  (void)value;
}

static const struct dvdi_host host = {
    .version = DVDI_VERSION, .log = ignore_line, .complete = ignore_answer, .measure = ignore_metric};

static void say(const char *text) {
  CHECK(write(STDERR_FILENO, text, strlen(text)) == (ssize_t)strlen(text));
}

/* As that of glog does: says where, and ends the process by the signal. */
static void on_crash(int number, siginfo_t *info, void *context) {
  CHECK(context != NULL);
  say(info->si_addr == (void *)8 ? "The host's handler was called.\n" : "The host's handler got another address.\n");
  signal(number, SIG_DFL);
  kill(getpid(), number);
}

static void crash(void) {
  volatile int *volatile nowhere = (int *)8;
  *nowhere = 1;
}

static int status_of_crash(const char *java_home, bool host_has_handler, bool after_end) {
  pid_t child = fork();
  CHECK(child >= 0);
  if (child == 0) {
    CHECK(freopen("crash", "w", stderr) != NULL);
    struct sigaction action = {.sa_sigaction = on_crash, .sa_flags = SA_SIGINFO};
    if (host_has_handler)
      sigaction(SIGSEGV, &action, NULL);
    struct dvdi_module module;
    char reason[8192] = "";
    struct dvdi_entry parameter = {{"java_home", strlen("java_home")}, {java_home, strlen(java_home)}};
    CHECK(dvdi_open(&host, &parameter, 1, &module, reason, sizeof reason) == 0);
    CHECK(module.recover(1, NULL, 0) == DVDI_ACCEPTED);
    if (after_end)
      CHECK(dvdi_end(60000) == 0);
    crash();
    exit(0);
  }
  int status;
  CHECK(waitpid(child, &status, 0) == child);
  return status;
}

static void read_crash(char text[262144]) {
  FILE *file = fopen("crash", "re");
  CHECK(file != NULL);
  text[fread(text, 1, 262143, file)] = '\0';
  fclose(file);
}

static void a_crash_is_reported_and_ends_the_process_as_without_a_jvm(const char *java_home) {
  static char text[262144];
  enter_new_folder("crash");
  for (int handler = 0; handler < 2; handler++) {
    int status = status_of_crash(java_home, handler != 0, false);
    read_crash(text);
    CHECK_SAYS(text, "A fatal error has been detected by the Java Runtime Environment");
    CHECK_SAYS(text, "END.");
    if (handler)
      CHECK_SAYS(strstr(text, "END."), "The host's handler was called.");
    CHECK(WIFSIGNALED(status) && WTERMSIG(status) == SIGSEGV);
  }
  int status = status_of_crash(java_home, false, true);
  CHECK(WIFSIGNALED(status) && WTERMSIG(status) == SIGSEGV);
}

int main(int count, char **arguments) {
  CHECK(count == 2);
  unsetenv("JAVA_TOOL_OPTIONS");
  unsetenv("_JAVA_OPTIONS");
  a_crash_is_reported_and_ends_the_process_as_without_a_jvm(arguments[1]);
  return 0;
}
