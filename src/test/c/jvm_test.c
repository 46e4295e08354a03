/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Starts the stand-in isolator in this process and looks at what comes of it. One process has one JVM, so every case
 * is a run of its own: jvm_test CASE JAVA_HOME [PARAMETER=VALUE...]. Some cases take texts before the parameters.
 */
#include <fcntl.h>
#include <glob.h>
#include <locale.h>
#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#include <sys/mount.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <time.h>

#include "../../main/c/entry/dvdi_entry.h"
#include "check.h"

/* glibc takes them from the stack of each thread. Those of glog are 30 KiB. */
static __thread volatile char thread_local_variables[48 * 1024];

static char logged[65536];
static pthread_mutex_t log_mutex = PTHREAD_MUTEX_INITIALIZER;
static char reason[8192];
static struct dvdi_module module;
static atomic_uint_fast64_t answered;

static void keep(int32_t level, const struct dvdi_string *text) {
  pthread_mutex_lock(&log_mutex);
  size_t used = strlen(logged);
  snprintf(logged + used, sizeof logged - used, "%d %.*s\n", (int)level, (int)text->size, text->data);
  pthread_mutex_unlock(&log_mutex);
}

static void complete(uint64_t call, const struct dvdi_answer *answer) {
  CHECK(!answer->failed);
  atomic_store(&answered, call);
}

static void ignore(int32_t metric, int64_t value) {
  (void)metric;
  (void)value;
}

static const struct dvdi_host host = {.version = DVDI_VERSION, .log = keep, .complete = complete, .measure = ignore};

static struct dvdi_entry parameters[16];
static size_t parameters_count;

static void add_parameter(const char *name, const char *value) {
  parameters[parameters_count++] = (struct dvdi_entry){{name, strlen(name)}, {value, strlen(value)}};
}

static bool open_module(void) {
  reason[0] = '\0';
  return dvdi_open(&host, parameters, parameters_count, &module, reason, sizeof reason) == 0;
}

static void wait_for_answer(uint64_t call) {
  for (int i = 0; i < 1000 && atomic_load(&answered) != call; i++) {
    nanosleep(&(struct timespec){.tv_nsec = 10 * 1000 * 1000}, NULL);
  }
  CHECK(atomic_load(&answered) == call);
}

static void *call_on_a_thread(void *unused) {
  (void)unused;
  CHECK(module.cleanup(2, &(struct dvdi_string){"a", 1}) == DVDI_ACCEPTED);
  return NULL;
}

/* HotSpot's are named after the process. */
static void nothing_of_the_jvm_is_in_tmp(void) {
  glob_t found;
  char pattern[64];
  snprintf(pattern, sizeof pattern, "/tmp/.java_pid%d*", (int)getpid());
  CHECK(glob(pattern, 0, NULL, &found) == GLOB_NOMATCH);
  snprintf(pattern, sizeof pattern, "/tmp/hsperfdata_*/%d", (int)getpid());
  CHECK(glob(pattern, 0, NULL, &found) == GLOB_NOMATCH);
}

static void the_isolator_is_opened_called_and_ended(void) {
  if (!open_module())
    fprintf(stderr, "%s\n", reason);
  CHECK(reason[0] == '\0');
  nothing_of_the_jvm_is_in_tmp();
  CHECK_SAYS(logged, "booted");
  CHECK_SAYS(logged, "Started the JVM of");
  CHECK(module.recover(1, NULL, 0) == DVDI_ACCEPTED);
  wait_for_answer(1);
  pthread_t thread;
  CHECK(pthread_create(&thread, NULL, call_on_a_thread, NULL) == 0);
  CHECK(pthread_join(thread, NULL) == 0);
  wait_for_answer(2);
  CHECK(module.close(3) == DVDI_ACCEPTED);
  wait_for_answer(3);
  CHECK(dvdi_end(10000) == 0);
  CHECK(dvdi_end(10000) == 0);
  CHECK(!open_module());
  CHECK_SAYS(reason, "Restart this process");
}

/* What a start must leave as it was. */
struct process_state {
  struct sigaction actions[65];
  sigset_t mask;
  struct rlimit files;
  char folder[4096];
  char locale[256];
  char core_filter[64];
  char environment[65536];
  int descriptor_flags[3];
  struct stat descriptors[3];
  mode_t umask;
};

static void on_pipe(int number) {
  (void)number;
}

static void take_state(struct process_state *state) {
  extern char **environ;
  memset(state, 0, sizeof *state);
  for (int i = 1; i < 65; i++)
    sigaction(i, NULL, &state->actions[i]);
  pthread_sigmask(SIG_SETMASK, NULL, &state->mask);
  CHECK(getrlimit(RLIMIT_NOFILE, &state->files) == 0);
  CHECK(getcwd(state->folder, sizeof state->folder) != NULL);
  snprintf(state->locale, sizeof state->locale, "%s", setlocale(LC_ALL, NULL));
  FILE *filter = fopen("/proc/self/coredump_filter", "re");
  if (filter != NULL) {
    CHECK(fgets(state->core_filter, sizeof state->core_filter, filter) != NULL);
    fclose(filter);
  }
  size_t used = 0;
  for (char **at = environ; *at != NULL && used < sizeof state->environment; at++) {
    used += (size_t)snprintf(state->environment + used, sizeof state->environment - used, "%s\n", *at);
  }
  for (int i = 0; i < 3; i++) {
    state->descriptor_flags[i] = fcntl(i, F_GETFL);
    CHECK(fstat(i, &state->descriptors[i]) == 0);
  }
  state->umask = umask(022);
  umask(state->umask);
}

static bool belongs_to_the_jvm(int number) {
  return number == SIGSEGV || number == SIGBUS || number == SIGFPE || number == SIGILL || number == SIGUSR2 ||
         /* Java ends blocked reads of other threads with it, and installs it when it is first needed. */
         number == SIGRTMAX - 2;
}

static void compare(const struct process_state *before, const struct process_state *after) {
  for (int i = 1; i < 65; i++) {
    if (belongs_to_the_jvm(i))
      continue;
    if (before->actions[i].sa_handler != after->actions[i].sa_handler)
      fprintf(stderr, "signal %d\n", i);
    CHECK(before->actions[i].sa_handler == after->actions[i].sa_handler);
    /* The C library adds SA_RESTORER to whatever is set. */
    const int restorer = 0x04000000;
    CHECK((before->actions[i].sa_flags | restorer) == (after->actions[i].sa_flags | restorer));
  }
  for (int i = 1; i < 65; i++)
    CHECK(sigismember(&before->mask, i) == sigismember(&after->mask, i));
  CHECK(before->files.rlim_cur == after->files.rlim_cur && before->files.rlim_max == after->files.rlim_max);
  CHECK(strcmp(before->folder, after->folder) == 0);
  CHECK(strcmp(before->locale, after->locale) == 0);
  CHECK(strcmp(before->core_filter, after->core_filter) == 0);
  CHECK(strcmp(before->environment, after->environment) == 0);
  CHECK(before->umask == after->umask);
  for (int i = 0; i < 3; i++) {
    CHECK(before->descriptor_flags[i] == after->descriptor_flags[i]);
    CHECK(before->descriptors[i].st_ino == after->descriptors[i].st_ino);
    CHECK(before->descriptors[i].st_dev == after->descriptors[i].st_dev);
  }
}

static void catch (int number, void (*handler)(int)) {
  struct sigaction action = {.sa_handler = handler, .sa_flags = SA_RESTART};
  sigaction(number, &action, NULL);
}

static void the_process_is_as_before(bool opens) {
  static struct process_state before;
  static struct process_state after;
  /* A host with habits of its own, in all that a JVM touches. */
  setenv("LC_ALL", "C.UTF-8", 1);
  catch (SIGPIPE, on_pipe);
  catch (SIGTERM, on_pipe);
  signal(SIGQUIT, SIG_IGN);
  struct rlimit files;
  CHECK(getrlimit(RLIMIT_NOFILE, &files) == 0);
  files.rlim_cur = 512;
  CHECK(setrlimit(RLIMIT_NOFILE, &files) == 0);
  take_state(&before);
  bool opened = open_module();
  if (opened != opens)
    fprintf(stderr, "%s\n", reason);
  CHECK(opened == opens);
  take_state(&after);
  compare(&before, &after);
}

static void a_handler_of_the_host_for_the_suspend_signal_stays(void) {
  catch (SIGUSR2, on_pipe);
  CHECK(open_module());
  struct sigaction action;
  sigaction(SIGUSR2, NULL, &action);
  CHECK(action.sa_handler == on_pipe);
}

/* The texts are separated by |. */
static void says_all(const char *said, const char *texts) {
  char copy[1024];
  snprintf(copy, sizeof copy, "%s", texts);
  for (char *text = strtok(copy, "|"); text != NULL; text = strtok(NULL, "|"))
    CHECK_SAYS(said, text);
}

/* Fails, says all of the texts, and the process goes on. */
static void it_fails_and_says(const char *texts) {
  CHECK(!open_module());
  printf("%s\n", reason);
  says_all(reason, texts);
}

static void it_opens_and_says(const char *texts) {
  CHECK(open_module());
  printf("%s", logged);
  says_all(logged, texts);
}

static void it_opens_and_does_not_say(const char *text) {
  CHECK(open_module());
  printf("%s", logged);
  CHECK(strstr(logged, text) == NULL);
}

/*
 * The JVM gives up over its archive of classes, with all of Java's threads stopped. The process ends as it wants to,
 * and a thread that has called Java can end.
 */
static void without_room_for_the_archive_the_process_ends_by_itself(void) {
  CHECK(mkdir("no-room", 0700) == 0 || errno == EEXIST);
  CHECK(mount("tmpfs", "no-room", "tmpfs", 0, "size=64k,mode=0700") == 0);
  add_parameter("jvm_options", "-XX:SharedArchiveFile=no-room/classes.jsa -XX:+AutoCreateSharedArchive");
  CHECK(open_module());
  call_on_a_thread(NULL);
  CHECK(dvdi_end(60000) == 1);
  CHECK_SAYS(logged, "The JVM failed while it ended");
  CHECK(module.cleanup(3, &(struct dvdi_string){"a", 1}) == DVDI_CLOSED);
}

static void options_of_the_environment_are_refused(void) {
  static const char *const names[] = {"JAVA_TOOL_OPTIONS", "_JAVA_OPTIONS"};
  for (int i = 0; i < 2; i++) {
    setenv(names[i], "-Xmx1k", 1);
    CHECK(!open_module());
    CHECK_SAYS(reason, names[i]);
    CHECK_SAYS(reason, "Start this process without it");
    setenv(names[i], "", 1);
  }
  /* It is for the program `java` alone. */
  setenv("JDK_JAVA_OPTIONS", "-Xmx1k", 1);
  CHECK(open_module());
  CHECK(strstr(logged, "Picked up JDK_JAVA_OPTIONS") == NULL);
}

static void after_a_refusal_it_can_be_opened(void) {
  add_parameter("boot", "refuse");
  it_fails_and_says("The module parameter boot is \"refuse\".");
  parameters_count--;
  CHECK(open_module());
}

static void another_version_of_the_host_is_refused(void) {
  static const struct dvdi_host other = {.version = DVDI_VERSION + 1, .log = keep, .complete = complete};
  CHECK(dvdi_open(&other, parameters, parameters_count, &module, reason, sizeof reason) == 1);
  CHECK_SAYS(reason, "The host has version");
}

int main(int count, char **arguments) {
  CHECK(count >= 3);
  thread_local_variables[0] = 1;
  const char *name = arguments[1];
  const bool fails = strcmp(name, "fails") == 0;
  const bool says = strcmp(name, "says") == 0;
  const bool has_texts = fails || says || strcmp(name, "does-not-say") == 0;
  if (strcmp(arguments[2], "-") != 0)
    add_parameter("java_home", arguments[2]);
  for (int i = has_texts ? 4 : 3; i < count; i++) {
    char *equals = strchr(arguments[i], '=');
    CHECK(equals != NULL);
    *equals = '\0';
    add_parameter(arguments[i], equals + 1);
  }
  signal(SIGPIPE, SIG_IGN);
  unsetenv("JAVA_TOOL_OPTIONS");
  unsetenv("_JAVA_OPTIONS");
  if (strcmp(name, "lives") == 0) {
    the_isolator_is_opened_called_and_ended();
  } else if (strcmp(name, "unharmed") == 0) {
    the_process_is_as_before(true);
  } else if (strcmp(name, "unharmed-by-failure") == 0) {
    add_parameter("jvm_options", "-Xmx1k");
    the_process_is_as_before(false);
  } else if (strcmp(name, "suspend-signal") == 0) {
    a_handler_of_the_host_for_the_suspend_signal_stays();
  } else if (strcmp(name, "again") == 0) {
    after_a_refusal_it_can_be_opened();
  } else if (strcmp(name, "host-version") == 0) {
    another_version_of_the_host_is_refused();
  } else if (strcmp(name, "no-room") == 0) {
    without_room_for_the_archive_the_process_ends_by_itself();
  } else if (strcmp(name, "environment") == 0) {
    options_of_the_environment_are_refused();
  } else if (fails) {
    it_fails_and_says(arguments[3]);
  } else if (says) {
    it_opens_and_says(arguments[3]);
  } else {
    CHECK(has_texts);
    it_opens_and_does_not_say(arguments[3]);
  }
  return 0;
}
