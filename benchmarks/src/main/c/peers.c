/* SPDX-License-Identifier: Apache-2.0 */
#include "peers.h"

#include <err.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

static void shell(const char *dvdcli, const char *command, const struct host_task *task) {
  char line[1024];
  (void)snprintf(line, sizeof line, "%s %s --volumedriver=%s --volumename=%s 2>&1", dvdcli, command, task->driver,
                 task->name);
  FILE *output = popen(line, "re");  // NOLINT(cert-env33-c): that is what is measured
  if (output == NULL) {
    err(1, "popen");
  }
  while (fgets(line, sizeof line, output) != NULL) {
  }
  if (pclose(output) != 0) {
    errx(1, "%s %s failed", dvdcli, command);
  }
}

void shell_prepare(const char *dvdcli, const struct host_task *task) {
  shell(dvdcli, "mount", task);
}

void shell_cleanup(const char *dvdcli, const struct host_task *task) {
  shell(dvdcli, "unmount", task);
}

static void run(const char *dvdcli, const char *command, const struct host_task *task) {
  char driver[128];
  char name[300];
  (void)snprintf(driver, sizeof driver, "--volumedriver=%s", task->driver);
  (void)snprintf(name, sizeof name, "--volumename=%s", task->name);
  int ends[2];
  if (pipe(ends) != 0) {
    err(1, "pipe");
  }
  pid_t child = fork();
  if (child == 0) {
    dup2(ends[1], STDOUT_FILENO);
    dup2(ends[1], STDERR_FILENO);
    close(ends[0]);
    close(ends[1]);
    execl(dvdcli, dvdcli, command, driver, name, NULL);
    err(1, "%s", dvdcli);
  }
  close(ends[1]);
  char output[1024];
  while (read(ends[0], output, sizeof output) > 0) {
  }
  close(ends[0]);
  int status;
  if (child < 0 || waitpid(child, &status, 0) != child || status != 0) {
    errx(1, "%s %s failed", dvdcli, command);
  }
}

void exec_prepare(const char *dvdcli, const struct host_task *task) {
  run(dvdcli, "mount", task);
}

void exec_cleanup(const char *dvdcli, const struct host_task *task) {
  run(dvdcli, "unmount", task);
}
