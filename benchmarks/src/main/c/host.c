/* SPDX-License-Identifier: Apache-2.0 */
#include "host.h"

#include <dlfcn.h>
#include <err.h>
#include <semaphore.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "entry/dvdi_embedded.h"

#define MOST_VOLUMES 8
#define OTHERS 30 /* variables of a task that are not ours: Mesos and Marathon set about as many */

struct host_call {
  sem_t answered;
  int32_t failed;
  char failure[1024];
};

static struct dvdi_module module;
static const struct dvdi_embedded *embedded;
static bool verbose;

uint64_t now(void) {
  struct timespec time;
  clock_gettime(CLOCK_MONOTONIC, &time);
  return (uint64_t)time.tv_sec * 1000000000u + (uint64_t)time.tv_nsec;
}

static void write_line(int32_t level, const struct dvdi_string *text) {
  if (verbose || level >= DVDI_WARNING) {
    (void)fprintf(stderr, "%.*s\n", (int)text->size, text->data);
  }
}

static void complete(uint64_t number, const struct dvdi_answer *answer) {
  struct host_call *call = (struct host_call *)(uintptr_t)number;  // NOLINT(performance-no-int-to-ptr)
  call->failed = answer->failed;
  (void)snprintf(call->failure, sizeof call->failure, "%.*s", (int)answer->failure.size, answer->failure.data);
  sem_post(&call->answered);
}

static void measure(int32_t metric, int64_t value) {
  (void)metric;
  (void)value;
}

static const struct dvdi_host host = {
    .version = DVDI_VERSION, .log = write_line, .complete = complete, .measure = measure};

static struct dvdi_string string(const char *text) {
  return (struct dvdi_string){.data = text, .size = strlen(text)};
}

static struct host_call *new_call(void) {
  struct host_call *call = calloc(1, sizeof *call);
  if (call == NULL || sem_init(&call->answered, 0, 0) != 0) {
    err(1, "a call");
  }
  return call;
}

static struct host_call *started(struct host_call *call, int32_t refused) {
  if (refused != DVDI_ACCEPTED) {
    errx(1, "a call was refused: %s", embedded->refusal(refused));
  }
  return call;
}

void host_wait(struct host_call *call) {
  while (sem_wait(&call->answered) != 0) {
  }
  if (call->failed != 0) {
    errx(1, "a call failed: %s", call->failure);
  }
  sem_destroy(&call->answered);
  free(call);
}

void host_open(const char *library, char *const *parameters, int count) {
  (void)signal(SIGPIPE, SIG_IGN);
  verbose = getenv("DVDI_BENCHMARK_VERBOSE") != NULL;
  void *loaded = dlopen(library, RTLD_NOW | RTLD_LOCAL);
  embedded = loaded == NULL ? NULL : dlsym(loaded, DVDI_EMBEDDED_SYMBOL);
  if (embedded == NULL) {
    errx(1, "%s", dlerror());
  }
  if (embedded->version != DVDI_VERSION) {
    errx(1, "%s has version %u of the contract, this program %u", library, embedded->version, DVDI_VERSION);
  }
  struct dvdi_entry entries[32];
  size_t used = 0;
  for (int i = 0; i < count && used < sizeof entries / sizeof *entries; i++) {
    char *value = strchr(parameters[i], '=');
    if (value == NULL) {
      errx(2, "%s is not NAME=VALUE", parameters[i]);
    }
    entries[used].name = (struct dvdi_string){.data = parameters[i], .size = (size_t)(value - parameters[i])};
    entries[used++].value = string(value + 1);
  }
  char error[4096];
  if (embedded->open(&host, entries, used, &module, error, sizeof error) != 0) {
    errx(1, "%s", error);
  }
}

void host_recover(void) {
  struct host_call *call = new_call();
  host_wait(started(call, module.recover((uintptr_t)call, NULL, 0)));
}

static size_t add(struct dvdi_entry *environment, size_t count, char (*names)[64], unsigned volume, const char *kind,
                  const char *value) {
  if (volume == 0) {
    (void)snprintf(names[count], sizeof names[count], "DVDI_VOLUME_%s", kind);
  } else {
    (void)snprintf(names[count], sizeof names[count], "DVDI_VOLUME_%s%u", kind, volume);
  }
  environment[count].name = string(names[count]);
  environment[count].value = string(value);
  return count + 1;
}

struct host_call *host_prepare(const struct host_task *task) {
  struct dvdi_entry environment[OTHERS + 3 * MOST_VOLUMES];
  char names[OTHERS + 3 * MOST_VOLUMES][64];
  char values[2 * MOST_VOLUMES][128];
  size_t count = 0;
  for (; count < OTHERS; count++) {
    (void)snprintf(names[count], sizeof names[count], "MARATHON_APP_LABEL_NUMBER_%zu", count);
    environment[count].name = string(names[count]);
    environment[count].value = string("a value of some length, such as a URL");
  }
  for (unsigned i = 0; i < task->volumes && i < MOST_VOLUMES; i++) {
    (void)snprintf(values[2 * i], sizeof values[2 * i], i == 0 ? "%s" : "%s-%u", task->name, i);
    (void)snprintf(values[2 * i + 1], sizeof values[2 * i + 1], i == 0 ? "data" : "data%u", i);
    count = add(environment, count, names, i, "NAME", values[2 * i]);
    count = add(environment, count, names, i, "DRIVER", task->driver);
    count = add(environment, count, names, i, "CONTAINERPATH", values[2 * i + 1]);
  }
  struct dvdi_container container = {
      .id = string(task->id), .sandbox = string(task->sandbox), .environment = environment, .environment_count = count};
  struct host_call *call = new_call();
  return started(call, module.prepare((uintptr_t)call, &container));
}

struct host_call *host_cleanup(const char *id) {
  struct dvdi_string container = string(id);
  struct host_call *call = new_call();
  return started(call, module.cleanup((uintptr_t)call, &container));
}

void host_close(void) {
  struct host_call *call = new_call();
  host_wait(started(call, module.close((uintptr_t)call)));
  if (embedded->end(10000) != 0) {
    errx(1, "the JVM did not end");
  }
}
