/* SPDX-License-Identifier: Apache-2.0 */
#include "container_processes.h"

#include <errno.h>
#include <signal.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "log.h"

static void on_process_ended(struct container *container) {
  if (container->launcher.descriptor >= 0 || container->init.descriptor >= 0 || container->unwatched)
    return;
  /* Only now nobody in the container can use a volume any more: init ends after all others in its namespace. */
  loop_forget(&container->channel);
  if (!container->ended_by_agent && container->task != NULL) {
    log_line(container->status == 0 ? DVDI_INFO : DVDI_WARNING, "Task %s ended with status %d.", container->task->id,
             container->status);
  } else {
    log_line(DVDI_INFO, "Container %s has ended.", container->record.id);
  }
  container_clean_up(container);
}

static void on_launcher_ended(void *context) {
  struct container *container = context;
  int status = 0;
  loop_forget(&container->launcher);
  if (container->task != NULL && waitpid(container->launch.launcher, &status, 0) > 0) {
    container->status = WIFSIGNALED(status) ? 128 + WTERMSIG(status) : WEXITSTATUS(status);
  }
  on_process_ended(container);
}

static void on_init_ended(void *context) {
  struct container *container = context;
  loop_forget(&container->init);
  on_process_ended(container);
}

/* Watches a process of an earlier agent. True when it lives, or when that cannot be told. */
static bool watch_process(struct container *container, const struct process *process, struct watch *watch,
                          void (*ended)(void *)) {
  watch->descriptor = -1;
  if (loop_watch(container->all->loop, watch, process_open(process), ended, container))
    return true;
  if (errno == ESRCH)
    return false;
  log_line(DVDI_WARNING, "%s: Cannot watch its process %d (%s); it counts as running until the next start.",
           container->record.id, (int)process->pid, strerror(errno));
  container->unwatched = true;
  return true;
}

void container_adopt(struct containers *all, const struct checkpoint *record, struct container *container) {
  *container = (struct container){.all = all, .record = *record, .channel.descriptor = -1};
  bool launcher_lives = watch_process(container, &record->launcher, &container->launcher, on_launcher_ended);
  bool init_lives = watch_process(container, &record->init, &container->init, on_init_ended);
  bool lives = launcher_lives || init_lives || record->unreadable;
  container->state = lives ? CONTAINER_RUNNING : CONTAINER_RECORDED;
  container_name_sandbox(container);
}

/* Puts the container's first process on record and watches it. */
static bool record_init(struct container *container, pid_t init, struct dvdi_error *error) {
  /* When it has ended already, the launcher's end tells what is to be told. */
  if ((!process_identify(init, &container->record.init) ||
       !loop_watch(container->all->loop, &container->init, process_open(&container->record.init), on_init_ended,
                   container)) &&
      errno != ESRCH) {
    return dvdi_fail(error, "Cannot watch the container's first process, %d: %s. Check the limit of open files.",
                     (int)init, strerror(errno));
  }
  return checkpoint_write(container->all->dir, &container->record, error);
}

/* The launcher has made the namespaces: lets the task run. */
static void on_report(void *context) {
  struct container *container = context;
  char reason[4096];
  pid_t init;
  if (launch_take_report(&container->launch, &init) && !container->ended_by_agent) {
    if (record_init(container, init, &(struct dvdi_error){reason, sizeof reason})) {
      container->state = CONTAINER_RUNNING;
      log_line(DVDI_INFO, "Task %s runs in %s.", container->task->id, container->sandbox);
      launch_go(&container->launch);
      container_watch(container);
    } else {
      log_line(DVDI_ERROR, "%s: %s", container->record.id, reason);
    }
  }
  /* Without a go, init sees the channel close and ends, and then the launcher. */
  loop_forget(&container->channel);
}

bool container_start(struct container *container, const struct answer *answer, struct dvdi_error *error) {
  struct loop *loop = container->all->loop;
  if (!launch_start(container->record.id, container->task, container->sandbox, answer, &container->launch, error)) {
    return false;
  }
  container->state = CONTAINER_STARTING;
  /* The channel first: the loop takes it over, and closes it when it fails. */
  pid_t launcher = container->launch.launcher;
  if (loop_watch(loop, &container->channel, container->launch.channel, on_report, container) &&
      loop_watch(loop, &container->launcher, process_open_child(launcher), on_launcher_ended, container) &&
      (process_identify(launcher, &container->record.launcher) || errno == ESRCH)) {
    return true;
  }
  /* Not on record and never told to go on: it can be killed and waited for here and now. */
  dvdi_fail(error, "Cannot watch the launcher of the container, %d: %s. Check the limit of open files.", (int)launcher,
            strerror(errno));
  kill(launcher, SIGKILL);
  waitpid(launcher, NULL, 0);
  loop_forget(&container->channel);
  loop_forget(&container->launcher);
  return false;
}

void container_end(struct container *container) {
  if (container->state == CONTAINER_PREPARING) {
    log_line(DVDI_INFO, "Waiting for the isolator's answer about the volumes of task %s.", container->task->id);
  } else if (container->state == CONTAINER_STARTING) {
    container->ended_by_agent = true;
    loop_forget(&container->channel);
  } else if (container->state == CONTAINER_RUNNING) {
    container->ended_by_agent = true;
    if (container->launcher.descriptor >= 0)
      process_signal(container->launcher.descriptor, SIGTERM);
  }
}

void container_kill(struct container *container) {
  if (container->state != CONTAINER_STARTING && container->state != CONTAINER_RUNNING)
    return;
  container->ended_by_agent = true;
  if (container->init.descriptor >= 0)
    process_signal(container->init.descriptor, SIGKILL);
  if (container->launcher.descriptor >= 0)
    process_signal(container->launcher.descriptor, SIGKILL);
}

void container_abandon(struct container *container) {
  if (container->state != CONTAINER_STARTING && container->state != CONTAINER_RUNNING)
    return;
  log_line(DVDI_ERROR,
           "%s: Its processes were killed but did not end; they wait for a disk or a server that does not answer. "
           "Their volumes stay mounted until the next start with the same work_dir.",
           container->record.id);
  loop_forget(&container->launcher);
  loop_forget(&container->init);
  loop_forget(&container->channel);
  container_be_gone(container);
}
