/* SPDX-License-Identifier: Apache-2.0 */
#include "environment.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

static void put(FILE *out, const char *name, const char *value) {
  fprintf(out, "%s=%s%c", name, value, '\0');
}

static void put_all(FILE *out, const struct dvdi_entry *entries, size_t count) {
  for (size_t i = 0; i < count; i++)
    put(out, entries[i].name.data, entries[i].value.data);
}

int environment_write(const struct task *task, const char *sandbox, const struct answer *answer) {
  int file = memfd_create("dvdi-environment", MFD_CLOEXEC);
  int copy = file < 0 ? -1 : dup(file);
  FILE *out = copy < 0 ? NULL : fdopen(copy, "w");
  bool written = false;
  if (out != NULL) {
    put(out, "PATH", "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin");
    put(out, "HOME", task->user != NULL ? task->home : "/root");
    put(out, "MESOS_SANDBOX", sandbox);
    /* The isolator's count more than these, and the task's own most, as in Mesos. */
    put_all(out, answer->environment, answer->environment_count);
    put_all(out, task->environment.items, task->environment.count);
    written = !ferror(out);
    written = fclose(out) == 0 && written;
  }
  if (written)
    return file;
  int cause = errno;
  if (file >= 0)
    close(file);
  errno = cause;
  return -1;
}

char *environment_read(int file) {
  struct stat status;
  if (fstat(file, &status) != 0)
    return NULL;
  size_t size = (size_t)status.st_size;
  char *variables = calloc(size + 1, 1);
  return variables != NULL && pread(file, variables, size, 0) == (ssize_t)size ? variables : NULL;
}

void environment_take(char *variables) {
  clearenv();
  for (char *at = variables; *at != '\0'; at += strlen(at) + 1)
    putenv(at);
}
