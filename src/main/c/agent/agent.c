/* SPDX-License-Identifier: Apache-2.0 */
#include "agent.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "container.h"
#include "ending.h"
#include "log.h"
#include "signals.h"

/* After close the isolator lets running operations end; then the JVM runs its shutdown hooks. */
static const unsigned close_deadline = 10 * 1000;
static const unsigned jvm_deadline = 5 * 1000;

struct agent {
  const struct input *input;
  struct loop loop;
  struct work_dir dir;
  struct module module;
  struct containers containers;
  struct container *items; /* those of the tasks, in their order, then those of an earlier agent */
  size_t count;
  struct ending ending;
  struct watch answers;
  struct watch close_timer;
  uint64_t recover_call;
  uint64_t close_call;
};

static void log_from_module(int32_t level, const struct dvdi_string *text) {
  log_text(level, text->data, text->size);
}

/* Volumes that could not be unmounted. Written by threads of the isolator. */
static _Atomic int64_t stuck;

static void measure(int32_t metric, int64_t value) {
  if (metric == DVDI_VOLUMES_STUCK)
    stuck = value;
}

static const struct dvdi_host host = {
    .version = DVDI_VERSION, .log = log_from_module, .complete = answers_complete, .measure = measure};

static void on_close_late(void *context) {
  struct agent *agent = context;
  log_line(DVDI_WARNING, "The isolator did not close within %u s; leaving it.", close_deadline / 1000);
  agent->loop.stopped = true;
}

static bool may_leave(const struct container *container) {
  /* What an earlier agent left and still runs is left running once more. */
  return container->state == CONTAINER_GONE || (container->task == NULL && container->state == CONTAINER_RUNNING);
}

/* Closes the isolator when all that was to be done is done. */
static void leave_if_done(void *context) {
  struct agent *agent = context;
  if (agent->recover_call != 0 || agent->close_call != 0)
    return;
  for (size_t i = 0; i < agent->count; i++) {
    if (!may_leave(&agent->items[i]))
      return;
  }
  agent->close_call = ++agent->containers.last_call;
  if (!module_accepted(&agent->module, agent->module.calls.close(agent->close_call), "", "close") ||
      !loop_watch_time(&agent->loop, &agent->close_timer, close_deadline, on_close_late, agent)) {
    agent->loop.stopped = true;
  }
}

static void start_task(struct agent *agent, const struct task *task, struct container *container) {
  char reason[4096];
  if (container_create(&agent->containers, task, container, &(struct dvdi_error){reason, sizeof reason})) {
    container_prepare(container);
    return;
  }
  log_line(DVDI_ERROR, "Task %s does not start: %s", task->id, reason);
  container->state = CONTAINER_GONE;
  container->status = 1;
}

/* The isolator knows which containers live: gives up what the others held, and starts the tasks. */
static void on_recovered(struct agent *agent) {
  size_t tasks = agent->input->tasks_count;
  for (size_t i = tasks; i < agent->count; i++) {
    struct container *container = &agent->items[i];
    if (container->state == CONTAINER_RUNNING)
      container_watch(container);
    if (container->state != CONTAINER_RECORDED)
      continue;
    log_line(DVDI_INFO, "Container %s ended while no agent was running; releasing its volumes.", container->record.id);
    container_clean_up(container);
  }
  uint64_t time = agent->input->end_after;
  if (time != 0 && !agent->containers.ending && !ending_after(&agent->ending, time)) {
    log_line(DVDI_ERROR, "Cannot measure the time of --for: %s.", strerror(errno));
  }
  for (size_t i = 0; i < tasks && !agent->containers.ending; i++) {
    start_task(agent, &agent->input->tasks[i], &agent->items[i]);
  }
  agent->recover_call = 0;
  leave_if_done(agent);
}

static void log_failure(const struct answer *answer, const char *what) {
  if (answer->failure != NULL)
    log_line(DVDI_ERROR, "The isolator could not %s: %s", what, answer->failure);
}

/* Hands an answer to whom it is for. False when nobody waits for it. */
static bool dispatch(struct agent *agent, const struct answer *answer) {
  if (answer->call == 0)
    return false;
  if (answer->call == agent->recover_call) {
    log_failure(answer, "recover");
    on_recovered(agent);
    return true;
  }
  if (answer->call == agent->close_call) {
    log_failure(answer, "close");
    agent->loop.stopped = true;
    return true;
  }
  for (size_t i = 0; i < agent->count; i++) {
    struct container *container = &agent->items[i];
    if (container->call == answer->call) {
      container_answered(container, answer);
      return true;
    }
    if (container->watch_call == answer->call) {
      container_watched(container, answer);
      return true;
    }
  }
  return false;
}

static void on_answer(void *context) {
  struct answer *answer = answers_take();
  if (answer == NULL)
    return;
  if (!dispatch(context, answer)) {
    log_line(DVDI_WARNING, "The isolator answered a call (%llu) that waits for no answer.",
             (unsigned long long)answer->call);
  }
  answer_free(answer);
}

/* Tells the isolator which containers of an earlier agent live. */
static bool recover(struct agent *agent, struct dvdi_error *error) {
  struct checkpoint *records;
  size_t records_count;
  if (!checkpoint_read_all(&agent->dir, &records, &records_count, error))
    return false;
  agent->count = agent->input->tasks_count + records_count;
  agent->items = calloc(agent->count + 1, sizeof *agent->items);
  struct dvdi_string *alive = calloc(records_count + 1, sizeof *alive);
  size_t alive_count = 0;
  bool memory = agent->items != NULL && alive != NULL;
  for (size_t i = 0; memory && i < agent->input->tasks_count; i++)
    agent->items[i].state = CONTAINER_GONE;
  for (size_t i = 0; memory && i < records_count; i++) {
    struct container *container = &agent->items[agent->input->tasks_count + i];
    container_adopt(&agent->containers, &records[i], container);
    if (container->state != CONTAINER_RUNNING)
      continue;
    log_line(DVDI_INFO, "Container %s of an earlier agent still runs.", container->record.id);
    alive[alive_count++] = (struct dvdi_string){container->record.id, strlen(container->record.id)};
  }
  agent->recover_call = ++agent->containers.last_call;
  bool accepted =
      memory && module_accepted(&agent->module, agent->module.calls.recover(agent->recover_call, alive, alive_count),
                                "", "recover");
  free(alive);
  free(records);
  return accepted || dvdi_fail(error, "Cannot recover the containers of an earlier agent; no task was started.");
}

static bool open_loop(struct agent *agent, struct dvdi_error *error) {
  int probe = process_open_child(getpid());
  if (probe < 0)
    return dvdi_fail(error, "The agent needs pidfd_open(2), which Linux has since 5.3: %s.", strerror(errno));
  close(probe);
  if (loop_open(&agent->loop) && loop_watch(&agent->loop, &agent->answers, answers_open(), on_answer, agent) &&
      ending_open(&agent->ending)) {
    return true;
  }
  return dvdi_fail(error, "Cannot create the descriptors for events: %s.", strerror(errno));
}

static bool start(struct agent *agent, struct dvdi_error *error) {
  return open_loop(agent, error) && work_dir_open(agent->input->work_dir, &agent->dir, error) &&
         module_open(agent->input, &host, &agent->module, error) && recover(agent, error);
}

static int task_status(const struct agent *agent) {
  for (size_t i = 0; i < agent->input->tasks_count; i++) {
    const struct container *container = &agent->items[i];
    if (container->status != 0 && !container->ended_by_agent)
      return container->status;
  }
  return 0;
}

static int finish(struct agent *agent) {
  for (size_t i = agent->input->tasks_count; i < agent->count; i++) {
    if (agent->items[i].state != CONTAINER_RUNNING)
      continue;
    log_line(DVDI_INFO, "Container %s of an earlier agent is left running. To end it, kill its process %d.",
             agent->items[i].record.id, (int)agent->items[i].record.init.pid);
  }
  const bool ended = agent->module.library->end(jvm_deadline) == 0;
  int status = agent->ending.status != 0 ? agent->ending.status : task_status(agent);
  if (!ended && status == 0)
    status = 1;
  if (stuck > 0) {
    log_line(DVDI_ERROR,
             "Volumes that are not unmounted, or may still be mounted: %lld. The lines above have the reasons. The "
             "next start with the same state_dir tries again.",
             (long long)stuck);
    status = status != 0 ? status : 1;
  }
  free(agent->items);
  return status;
}

int agent_run(const struct input *input) {
  /* Static: threads of the isolator may still answer while this function returns. */
  static struct agent agent;
  agent.input = input;
  agent.close_timer.descriptor = -1;
  agent.containers = (struct containers){
      .loop = &agent.loop, .module = &agent.module, .dir = &agent.dir, .gone = leave_if_done, .context = &agent};
  agent.ending = (struct ending){
      .loop = &agent.loop, .containers = &agent.containers, .items = &agent.items, .count = &input->tasks_count};
  char reason[8192];
  if (!start(&agent, &(struct dvdi_error){reason, sizeof reason})) {
    log_line(DVDI_ERROR, "%s", reason);
    return 1;
  }
  if (!loop_run(&agent.loop))
    log_line(DVDI_ERROR, "Cannot wait for events: %s.", strerror(errno));
  return finish(&agent);
}
