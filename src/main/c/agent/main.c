/* SPDX-License-Identifier: Apache-2.0 */
/* dvdi-agent: runs Mesos tasks with external volumes on one machine, without Mesos. */
#include <linux/capability.h>
#include <stdio.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "agent.h"
#include "launcher.h"
#include "log.h"

enum { STATUS_USAGE = 2 };

/* Root in a container often lacks it. */
static bool has_admin_capability(void) {
  struct __user_cap_header_struct header = {.version = _LINUX_CAPABILITY_VERSION_3};
  struct __user_cap_data_struct sets[_LINUX_CAPABILITY_U32S_3] = {{0}};
  return syscall(SYS_capget, &header, sets) == 0 && (sets[0].effective & (1U << CAP_SYS_ADMIN)) != 0;
}

static int run(const struct options *options) {
  char reason[8192];
  struct dvdi_error error = {reason, sizeof reason};
  struct modules modules;
  struct tasks tasks;
  if (geteuid() != 0) {
    log_line(DVDI_ERROR, "dvdi-agent mounts volumes, which needs root; run it with sudo.");
    return 1;
  }
  if (!has_admin_capability()) {
    log_line(DVDI_ERROR,
             "dvdi-agent mounts volumes, which needs the capability CAP_SYS_ADMIN, and this process does not have it. "
             "Start the container that it runs in with it (docker run --privileged).");
    return 1;
  }
  /* Everything that was typed is looked at before anything is started. */
  if (!read_modules(options->modules, &modules, &error)) {
    log_line(DVDI_ERROR, "%s", reason);
    return 1;
  }
  int status = 1;
  if (read_tasks(options->tasks, options->tasks_count, &tasks, &error)) {
    status = agent_run(options, &modules, &tasks);
    free_tasks(&tasks);
  } else {
    log_line(DVDI_ERROR, "%s", reason);
  }
  free_modules(&modules);
  return status;
}

int main(int count, char **arguments) {
  if (count == 3 && strcmp(arguments[1], LAUNCHER_MODE) == 0)
    _exit(launcher_main(arguments[2]));
  char reason[1024];
  struct options options;
  if (!read_options(count - 1, arguments + 1, &options, &(struct dvdi_error){reason, sizeof reason})) {
    log_line(DVDI_ERROR, "%s", reason);
    return STATUS_USAGE;
  }
  if (options.help) {
    fputs(usage, stdout);
    return 0;
  }
  if (options.version) {
    puts("dvdi-agent " DVDI_RELEASE);
    return 0;
  }
  if (options.quiet)
    log_quietly();
  return run(&options);
}
