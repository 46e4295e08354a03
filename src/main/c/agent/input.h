/* SPDX-License-Identifier: Apache-2.0 */
/*
 * input.h - the agent's input: bin/dvdi writes it to the agent's standard input.
 *
 * Each line is key=text. In the text, a backslash is written \\ and a line break \n. A line belongs to the last task,
 * volume or entry above it:
 *
 *     library=/usr/lib/libmesos_dvdi_isolator-embedded.so
 *     parameter=state_dir             a parameter of the isolator
 *     value=/run/dvdi
 *     work_dir=/var/lib/dvdi/run/agent
 *     end_after=20000                 milliseconds; if missing, the tasks end by themselves
 *     task=hello-play                 its ID
 *     user=nobody                     if missing, the agent's own
 *     program=/bin/sh                 an execvp(3) path
 *     argument=sh                     of the program, its name first
 *     variable=MARK
 *     value=1
 *     volume=data                     a volume of ContainerInfo
 *     driver=rexray
 *     path=test12345
 *     read_only=1
 *     option=size
 *     value=5
 */
#ifndef DVDI_AGENT_INPUT_H
#define DVDI_AGENT_INPUT_H

#include <stdint.h>
#include <stdio.h>
#include <sys/types.h>

#include "../dvdi.h"
#include "../entry/error.h"

struct entries {
  struct dvdi_entry *items;
  size_t count;
};

struct task {
  const char *id;
  const char *user; /* NULL: the agent's own; uid, gid and home are then unused */
  uid_t uid;
  gid_t gid;
  const char *home;
  const char *program;
  const char **arguments; /* ends with NULL */
  size_t arguments_count;
  struct entries environment;
  struct dvdi_volume *volumes;
  size_t volumes_count;
};

struct input {
  const char *library;
  const char *work_dir;
  uint64_t end_after; /* milliseconds; 0: the tasks end by themselves */
  struct entries parameters;
  struct task *tasks;
  size_t tasks_count;
};

/* Reads the whole input. The result is valid until the process ends. */
bool input_read(FILE *from, struct input *input, struct dvdi_error *error);

#endif /* DVDI_AGENT_INPUT_H */
