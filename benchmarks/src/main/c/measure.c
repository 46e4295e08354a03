/* SPDX-License-Identifier: Apache-2.0 */
/*
 * measure.c - the program that bin/bench measures with. It reads commands from standard input, one a line, with spaces
 * between words. It answers with lines of numbers, all in ns, and then the line `done`. Anything that fails ends it.
 *
 *   open LIBRARY [NAME=VALUE ...]              loads the module and starts Java, and recovers; the time of each
 *   limit SOCKET RECORDS VOLUMES               where the C program with the same calls works (limit.h)
 *   sandbox FOLDER                             the sandbox of all tasks
 *   start PROGRAM [ARGUMENT ...]               starts a program without output, and waits for its end; the time
 *   run module DRIVER NAME VOLUMES COUNT       COUNT times: the time of a prepare, and of the cleanup after it
 *   run limit NAME COUNT                       the same of the C program
 *   run shell|exec DVDCLI DRIVER NAME COUNT    the same of other isolators (peers.h)
 *   hold DRIVER NAME own|shared FROM TO        prepares containers, each with a volume of its own, or one for all; the
 *                                              time of each
 *   drop FROM TO                               cleans them up
 *   burst DRIVER NAME COUNT                    COUNT prepares at once; the time until the last answer
 *   mounts FOLDER FROM TO                      mounts a tmpfs on FOLDER/N for each N
 *   unmounts FOLDER FROM TO                    unmounts them
 *   close                                      ends the module and the JVM
 */
#include <err.h>
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "limit.h"
#include "peers.h"

#define MOST_WORDS 40

static char sandbox[4096];

/* A subject that is run many times. `argument` is the program of the peers. */
struct subject {
  void (*prepare)(const char *argument, const struct host_task *task);
  void (*cleanup)(const char *argument, const struct host_task *task);
};

static void module_prepare(const char *unused, const struct host_task *task) {
  (void)unused;
  host_wait(host_prepare(task));
}

static void module_cleanup(const char *unused, const struct host_task *task) {
  (void)unused;
  host_wait(host_cleanup(task->id));
}

static void same_prepare(const char *unused, const struct host_task *task) {
  (void)unused;
  limit_prepare(task);
}

static void same_cleanup(const char *unused, const struct host_task *task) {
  (void)unused;
  limit_cleanup(task);
}

static void repeat(const struct subject *subject, const char *argument, struct host_task *task, unsigned long count) {
  static unsigned long started;
  for (unsigned long i = 0; i < count; i++) {
    char id[64];
    (void)snprintf(id, sizeof id, "6f1d1c0e-3d5c-4b54-9d4b-%012lu", started++);
    task->id = id;
    uint64_t begin = now();
    subject->prepare(argument, task);
    uint64_t middle = now();
    subject->cleanup(argument, task);
    uint64_t end = now();
    (void)printf("%" PRIu64 " %" PRIu64 "\n", middle - begin, end - middle);
  }
}

static void run(char **words, int count) {
  struct host_task task = {.sandbox = sandbox, .volumes = 1};
  if (count == 6 && strcmp(words[1], "module") == 0) {
    task.driver = words[2];
    task.name = words[3];
    task.volumes = (unsigned)strtoul(words[4], NULL, 10);
    repeat(&(struct subject){module_prepare, module_cleanup}, NULL, &task, strtoul(words[5], NULL, 10));
  } else if (count == 4 && strcmp(words[1], "limit") == 0) {
    task.name = words[2];
    repeat(&(struct subject){same_prepare, same_cleanup}, NULL, &task, strtoul(words[3], NULL, 10));
  } else if (count == 6 && (strcmp(words[1], "shell") == 0 || strcmp(words[1], "exec") == 0)) {
    struct subject shell = {shell_prepare, shell_cleanup};
    struct subject exec = {exec_prepare, exec_cleanup};
    task.driver = words[3];
    task.name = words[4];
    repeat(strcmp(words[1], "shell") == 0 ? &shell : &exec, words[2], &task, strtoul(words[5], NULL, 10));
  } else {
    errx(2, "run: unknown subject, or the wrong number of words");
  }
}

static void held_id(char *id, size_t size, unsigned long number) {
  (void)snprintf(id, size, "held-%lu", number);
}

static void hold(char **words) {
  unsigned long to = strtoul(words[5], NULL, 10);
  for (unsigned long i = strtoul(words[4], NULL, 10); i < to; i++) {
    char id[64];
    char name[300];
    held_id(id, sizeof id, i);
    (void)snprintf(name, sizeof name, strcmp(words[3], "own") == 0 ? "%s%lu" : "%s", words[2], i);
    struct host_task task = {.id = id, .sandbox = sandbox, .driver = words[1], .name = name, .volumes = 1};
    uint64_t begin = now();
    host_wait(host_prepare(&task));
    (void)printf("%" PRIu64 "\n", now() - begin);
  }
}

static void drop(char **words) {
  unsigned long to = strtoul(words[2], NULL, 10);
  for (unsigned long i = strtoul(words[1], NULL, 10); i < to; i++) {
    char id[64];
    held_id(id, sizeof id, i);
    host_wait(host_cleanup(id));
  }
}

static void burst(char **words) {
  unsigned long count = strtoul(words[3], NULL, 10);
  struct host_call **calls = calloc(count, sizeof *calls);
  char(*ids)[64] = calloc(count, sizeof *ids);
  char(*names)[300] = calloc(count, sizeof *names);
  if (calls == NULL || ids == NULL || names == NULL) {
    err(1, "burst");
  }
  uint64_t begin = now();
  for (unsigned long i = 0; i < count; i++) {
    (void)snprintf(ids[i], sizeof ids[i], "burst-%lu", i);
    (void)snprintf(names[i], sizeof names[i], "%s%lu", words[2], i);
    struct host_task task = {.id = ids[i], .sandbox = sandbox, .driver = words[1], .name = names[i], .volumes = 1};
    calls[i] = host_prepare(&task);
  }
  for (unsigned long i = 0; i < count; i++) {
    host_wait(calls[i]);
  }
  (void)printf("%" PRIu64 "\n", now() - begin);
  for (unsigned long i = 0; i < count; i++) {
    host_wait(host_cleanup(ids[i]));
  }
  free(names);
  free(ids);
  free(calls);
}

static void mount_many(char **words) {
  unsigned long to = strtoul(words[3], NULL, 10);
  for (unsigned long i = strtoul(words[2], NULL, 10); i < to; i++) {
    char path[4096];
    (void)snprintf(path, sizeof path, "%s/%lu", words[1], i);
    if ((mkdir(path, 0755) != 0 && errno != EEXIST) || mount("benchmark", path, "tmpfs", 0, "size=64k") != 0) {
      err(1, "%s", path);
    }
  }
}

static void unmount_many(char **words) {
  unsigned long to = strtoul(words[3], NULL, 10);
  for (unsigned long i = strtoul(words[2], NULL, 10); i < to; i++) {
    char path[4096];
    (void)snprintf(path, sizeof path, "%s/%lu", words[1], i);
    if (umount2(path, UMOUNT_NOFOLLOW) != 0) {
      err(1, "%s", path);
    }
  }
}

static void start(char **words) {
  posix_spawn_file_actions_t actions;
  posix_spawn_file_actions_init(&actions);
  posix_spawn_file_actions_addopen(&actions, STDOUT_FILENO, "/dev/null", O_WRONLY, 0);
  posix_spawn_file_actions_adddup2(&actions, STDOUT_FILENO, STDERR_FILENO);
  pid_t child;
  int status;
  uint64_t begin = now();
  errno = posix_spawn(&child, words[1], &actions, NULL, words + 1, environ);
  if (errno != 0 || waitpid(child, &status, 0) != child) {
    err(1, "%s", words[1]);
  }
  (void)printf("%" PRIu64 "\n", now() - begin);
  if (status != 0) {
    errx(1, "%s failed", words[1]);
  }
  posix_spawn_file_actions_destroy(&actions);
}

static void carry_out(char **words, int count) {
  if (strcmp(words[0], "open") == 0 && count >= 2) {
    uint64_t begin = now();
    host_open(words[1], words + 2, count - 2);
    uint64_t opened = now();
    host_recover();
    (void)printf("%" PRIu64 " %" PRIu64 "\n", opened - begin, now() - opened);
  } else if (strcmp(words[0], "limit") == 0 && count == 4) {
    limit_open(words[1], words[2], words[3]);
  } else if (strcmp(words[0], "sandbox") == 0 && count == 2 && strlen(words[1]) < sizeof sandbox) {
    (void)strcpy(sandbox, words[1]);
  } else if (strcmp(words[0], "start") == 0 && count >= 2) {
    start(words);
  } else if (strcmp(words[0], "run") == 0 && count >= 2) {
    run(words, count);
  } else if (strcmp(words[0], "hold") == 0 && count == 6) {
    hold(words);
  } else if (strcmp(words[0], "drop") == 0 && count == 3) {
    drop(words);
  } else if (strcmp(words[0], "burst") == 0 && count == 4) {
    burst(words);
  } else if (strcmp(words[0], "mounts") == 0 && count == 4) {
    mount_many(words);
  } else if (strcmp(words[0], "unmounts") == 0 && count == 4) {
    unmount_many(words);
  } else if (strcmp(words[0], "close") == 0) {
    host_close();
  } else {
    errx(2, "unknown command, or the wrong number of words: %s", words[0]);
  }
}

int main(void) {
  char line[16384];
  while (fgets(line, sizeof line, stdin) != NULL) {
    char *words[MOST_WORDS + 1] = {NULL};
    int count = 0;
    char *rest = NULL;
    for (char *word = strtok_r(line, " \n", &rest); word != NULL && count < MOST_WORDS;
         word = strtok_r(NULL, " \n", &rest)) {
      words[count++] = word;
    }
    if (count > 0) {
      carry_out(words, count);
      (void)printf("done\n");
      (void)fflush(stdout);
    }
  }
  return 0;
}
