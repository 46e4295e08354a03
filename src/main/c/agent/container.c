/* SPDX-License-Identifier: Apache-2.0 */
#include "container.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/random.h>
#include <sys/stat.h>
#include <unistd.h>

#include "container_processes.h"
#include "log.h"

enum { REASON_SIZE = 4096 };

static struct dvdi_string text(const char *text) {
  return (struct dvdi_string){text, strlen(text)};
}

void container_be_gone(struct container *container) {
  container->state = CONTAINER_GONE;
  container->all->gone(container->all->context);
}

static void log_reason(const struct container *container, const char *reason) {
  log_line(DVDI_ERROR, "%s: %s", container->record.id, reason);
}

void container_name_sandbox(struct container *container) {
  snprintf(container->sandbox, PATH_MAX, "%s/%s", container->all->dir->sandboxes, container->record.id);
}

bool container_create(struct containers *all, const struct task *task, struct container *container,
                      struct dvdi_error *error) {
  *container = (struct container){
      .all = all, .task = task, .channel.descriptor = -1, .launcher.descriptor = -1, .init.descriptor = -1};
  uint64_t random;
  /* getrandom(2): so few bytes are never cut short. */
  if (getrandom(&random, sizeof random, 0) != sizeof random) {
    return dvdi_fail(error, "Cannot get a random number for a container's ID: %s.", strerror(errno));
  }
  int size = snprintf(container->record.id, CONTAINER_ID_SIZE, "%s-%016llx", task->id, (unsigned long long)random);
  if (size >= CONTAINER_ID_SIZE ||
      snprintf(container->sandbox, PATH_MAX, "%s/%s", all->dir->sandboxes, container->record.id) >= PATH_MAX)
    return dvdi_fail(error, "The path of its sandbox is too long; choose a shorter --state-dir.");
  /* On record first: what is done from here on is undone by the next agent if this one is killed. */
  if (!checkpoint_write(all->dir, &container->record, error))
    return false;
  if (mkdir(container->sandbox, 0755) != 0)
    return dvdi_fail(error, "Cannot create the sandbox %s: %s.", container->sandbox, strerror(errno));
  /* As Mesos does: the task works in its sandbox. */
  if (task->user == NULL || chown(container->sandbox, task->uid, task->gid) == 0)
    return true;
  return dvdi_fail(error, "Cannot give the sandbox %s to the user %s: %s.", container->sandbox, task->user,
                   strerror(errno));
}

static bool was_accepted(struct container *container, int32_t code, const char *what) {
  char who[CONTAINER_ID_SIZE + 2];
  snprintf(who, sizeof who, "%s: ", container->record.id);
  return module_accepted(container->all->module, code, who, what);
}

void container_prepare(struct container *container) {
  const struct task *task = container->task;
  struct dvdi_container wanted = {.id = text(container->record.id),
                                  .sandbox = text(container->sandbox),
                                  .environment = task->environment.items,
                                  .environment_count = task->environment.count,
                                  .volumes = task->volumes,
                                  .volumes_count = task->volumes_count,
                                  .user = text(task->user != NULL ? task->user : "")};
  container->state = CONTAINER_PREPARING;
  container->call = ++container->all->last_call;
  int32_t code = container->all->module->calls.prepare(container->call, &wanted);
  /* The answer may have come before the call has returned. */
  if (was_accepted(container, code, "prepare its volumes"))
    return;
  container->call = 0;
  container->status = 1;
  container_clean_up(container);
}

void container_clean_up(struct container *container) {
  struct dvdi_string id = text(container->record.id);
  container->state = CONTAINER_CLEANING;
  container->call = ++container->all->last_call;
  int32_t code = container->all->module->calls.cleanup(container->call, &id);
  /* The record stays, and the next agent tries again. */
  if (was_accepted(container, code, "release its volumes"))
    return;
  container->call = 0;
  container_be_gone(container);
}

static void on_prepared(struct container *container, const struct answer *answer) {
  char reason[REASON_SIZE];
  if (answer->failure != NULL) {
    log_line(DVDI_ERROR, "Task %s does not start: %s", container->task->id, answer->failure);
    container->status = 1;
    container_clean_up(container);
  } else if (container->all->ending) {
    container->ended_by_agent = true;
    container_clean_up(container);
  } else if (!container_start(container, answer, &(struct dvdi_error){reason, sizeof reason})) {
    log_reason(container, reason);
    container->status = 1;
    container_clean_up(container);
  }
}

static void on_cleaned_up(struct container *container, const struct answer *answer) {
  char reason[REASON_SIZE];
  if (answer->failure != NULL) {
    log_line(DVDI_ERROR, "%s: Its volumes could not be released; the next start tries again. %s", container->record.id,
             answer->failure);
  } else if (!checkpoint_remove(container->all->dir, container->record.id,
                                &(struct dvdi_error){reason, sizeof reason})) {
    log_reason(container, reason);
  }
  /* Sandboxes are kept, as Mesos keeps them. One in which the task left nothing is of no use to anybody. */
  rmdir(container->sandbox);
  container_be_gone(container);
}

void container_answered(struct container *container, const struct answer *answer) {
  container->call = 0;
  if (container->state == CONTAINER_PREPARING) {
    on_prepared(container, answer);
  } else {
    on_cleaned_up(container, answer);
  }
}

void container_watch(struct container *container) {
  struct dvdi_string id = text(container->record.id);
  container->watch_call = ++container->all->last_call;
  int32_t code = container->all->module->calls.watch(container->watch_call, &id);
  if (!was_accepted(container, code, "watch its volumes"))
    container->watch_call = 0;
}

void container_watched(struct container *container, const struct answer *answer) {
  container->watch_call = 0;
  if (answer->limitation == NULL)
    return;
  log_line(DVDI_ERROR, "%s: %s", container->record.id, answer->limitation);
  container_kill(container);
  /* Its status says that it did not end well. */
  container->ended_by_agent = false;
}
