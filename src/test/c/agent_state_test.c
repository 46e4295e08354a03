/* SPDX-License-Identifier: Apache-2.0 */
/* What the agent keeps: records of containers, the lock, processes, and variables of tasks. */
#include <fcntl.h>
#include <signal.h>
#include <sys/resource.h>
#include <sys/wait.h>

#include "../../main/c/agent/checkpoint.h"
#include "../../main/c/agent/environment.h"
#include "../../main/c/agent/process.h"
#include "../../main/c/agent/work_dir.h"
#include "check.h"

static char reason[8192];
static struct dvdi_error error = {reason, sizeof reason};
static struct work_dir dir;

static void a_folder_is_locked_once(void) {
  CHECK(work_dir_open("made", &dir, &error));
  CHECK(dir.path[0] == '/');
  pid_t child = fork();
  if (child == 0) {
    struct work_dir again;
    CHECK(!work_dir_open("made", &again, &error));
    char pid[64];
    snprintf(pid, sizeof pid, "in use by another agent, process %d.", (int)getppid());
    CHECK_SAYS(reason, pid);
    _exit(0);
  }
  int status;
  CHECK(waitpid(child, &status, 0) == child && status == 0);
  struct work_dir bad;
  write_file("a-file", "");
  CHECK(!work_dir_open("a-file/below", &bad, &error));
  CHECK_SAYS(reason, "a-file/below: Not a directory");
}

static void a_record_comes_back(void) {
  struct checkpoint written = {.id = "task-1", .launcher = {1, 22}, .init = {2, UINT32_MAX}};
  CHECK(checkpoint_write(&dir, &written, &error));
  CHECK(checkpoint_write(&dir, &written, &error));
  struct checkpoint *list;
  size_t count;
  CHECK(checkpoint_read_all(&dir, &list, &count, &error));
  CHECK(count == 1 && strcmp(list[0].id, "task-1") == 0 && !list[0].unreadable);
  CHECK(list[0].launcher.pid == 1 && list[0].launcher.started == 22 && list[0].init.started == UINT32_MAX);
  free(list);
  CHECK(checkpoint_remove(&dir, "task-1", &error));
  CHECK(checkpoint_remove(&dir, "task-1", &error));
  CHECK(checkpoint_read_all(&dir, &list, &count, &error) && count == 0);
  free(list);
}

static void one_broken_record(const char *text, bool unreadable) {
  struct checkpoint *list;
  size_t count;
  char path[PATH_MAX + 8];
  snprintf(path, sizeof path, "%s/broken", dir.containers);
  write_file(path, text);
  CHECK(checkpoint_read_all(&dir, &list, &count, &error));
  CHECK(count == 1 && strcmp(list[0].id, "broken") == 0);
  CHECK(list[0].unreadable == unreadable);
  CHECK(unreadable || list[0].launcher.pid == 0);
  free(list);
  CHECK(checkpoint_remove(&dir, "broken", &error));
}

static void a_broken_record_is_not_taken_for_a_dead_container(void) {
  one_broken_record("", true);
  one_broken_record("{}", true);
  one_broken_record("{\"boot_id\":\"x\",\"launcher\":{\"pid\":-1,\"started\":0},\"init\":{\"pid\":0,\"started\":0}}",
                    true);
  /* Of an earlier start of the machine: its pids mean nothing. */
  one_broken_record("{\"boot_id\":\"x\",\"launcher\":{\"pid\":1,\"started\":0},\"init\":{\"pid\":0,\"started\":0}}",
                    false);
}

static void processes_are_told_apart(void) {
  struct process self;
  CHECK(process_identify(getpid(), &self) && self.pid == getpid() && self.started > 0);
  int pidfd = process_open(&self);
  CHECK(pidfd >= 0);
  close(pidfd);
  self.started++;
  errno = 0;
  CHECK(process_open(&self) == -1 && errno == ESRCH);
  CHECK(process_open(&(struct process){0, 0}) == -1 && errno == ESRCH);
  CHECK(strlen(process_boot_id()) == 36);
  pid_t child = fork();
  if (child == 0)
    _exit(0);
  struct process zombie;
  siginfo_t ignored;
  CHECK(waitid(P_PID, (id_t)child, &ignored, WEXITED | WNOWAIT) == 0);
  CHECK(!process_identify(child, &zombie) && errno == ESRCH);
  waitpid(child, NULL, 0);
  CHECK(!process_identify(child, &zombie) && errno == ESRCH);
}

/* Lets this process open so many more descriptors, at most. */
static rlim_t allow_descriptors(rlim_t more) {
  int next = dup(0);
  CHECK(next >= 0);
  close(next);
  struct rlimit limit;
  CHECK(getrlimit(RLIMIT_NOFILE, &limit) == 0);
  rlim_t before = limit.rlim_cur;
  limit.rlim_cur = (rlim_t)next + more;
  CHECK(setrlimit(RLIMIT_NOFILE, &limit) == 0);
  return before;
}

static void restore_descriptors(rlim_t before) {
  struct rlimit limit;
  CHECK(getrlimit(RLIMIT_NOFILE, &limit) == 0);
  limit.rlim_cur = before;
  CHECK(setrlimit(RLIMIT_NOFILE, &limit) == 0);
}

static void a_process_is_not_taken_for_dead_when_descriptors_run_out(void) {
  struct process self;
  struct process again;
  CHECK(process_identify(getpid(), &self));
  /* With one, the pidfd can be had and /proc cannot be read. */
  for (rlim_t more = 0; more <= 1; more++) {
    rlim_t before = allow_descriptors(more);
    errno = 0;
    CHECK(process_open(&self) == -1 && errno == EMFILE);
    CHECK(more == 1 || (!process_identify(getpid(), &again) && errno == EMFILE));
    restore_descriptors(before);
  }
  int pidfd = process_open(&self);
  CHECK(pidfd >= 0);
  close(pidfd);
}

static void a_start_of_the_machine_that_is_not_known_is_no_other_one(void) {
  /* The first to ask for it, since it is kept. */
  rlim_t before = allow_descriptors(0);
  CHECK(process_boot_id()[0] == '\0' && errno == EMFILE);
  CHECK(!checkpoint_write(&dir, &(struct checkpoint){.id = "task-1"}, &error));
  CHECK_SAYS(reason, "boot_id: Too many open files");
  restore_descriptors(before);
}

static struct dvdi_entry entry(const char *name, const char *value) {
  return (struct dvdi_entry){{name, strlen(name)}, {value, strlen(value)}};
}

static void a_task_gets_each_variable_once(void) {
  struct dvdi_entry own[] = {entry("A", "old"), entry("A", "task's"), entry("HOME", "/elsewhere")};
  struct dvdi_entry added[] = {entry("A", "isolator's"), entry("B", "isolator's")};
  struct task task = {.id = "t", .environment = {own, 3}};
  struct answer answer = {.environment = added, .environment_count = 2};
  int file = environment_write(&task, "/sandbox", &answer);
  CHECK(file >= 0);
  char *variables = environment_read(file);
  CHECK(variables != NULL);
  close(file);
  environment_take(variables);
  CHECK(strcmp(getenv("A"), "task's") == 0 && strcmp(getenv("B"), "isolator's") == 0);
  CHECK(strcmp(getenv("HOME"), "/elsewhere") == 0 && strcmp(getenv("MESOS_SANDBOX"), "/sandbox") == 0);
  int count = 0;
  for (char **at = environ; *at != NULL; at++)
    count++;
  CHECK(count == 5);
  clearenv();
  free(variables);
  CHECK(environment_read(-1) == NULL);
}

int main(void) {
  enter_new_folder("agent_state");
  a_folder_is_locked_once();
  a_start_of_the_machine_that_is_not_known_is_no_other_one();
  a_record_comes_back();
  a_broken_record_is_not_taken_for_a_dead_container();
  processes_are_told_apart();
  a_process_is_not_taken_for_dead_when_descriptors_run_out();
  a_task_gets_each_variable_once();
  return 0;
}
