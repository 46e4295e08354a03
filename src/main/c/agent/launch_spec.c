/* SPDX-License-Identifier: Apache-2.0 */
#include "launch_spec.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

/* Everything is text, each ended by a NUL. Lists have their length in front, but for the variables, which end it. */

static void put(FILE *out, const char *text) {
  fwrite(text, 1, strlen(text) + 1, out);
}

static void put_count(FILE *out, size_t count) {
  fprintf(out, "%zu%c", count, '\0');
}

static struct dvdi_string text(const char *text) {
  return (struct dvdi_string){text, strlen(text)};
}

/* Variables in layers, the first of which counts most. Within a layer, the last one of a name counts. */
struct layer {
  const struct dvdi_entry *entries;
  size_t count;
};

static bool has(const struct layer *layer, size_t from, const char *name) {
  for (size_t i = from; i < layer->count; i++) {
    if (strcmp(layer->entries[i].name.data, name) == 0)
      return true;
  }
  return false;
}

static void put_layer(FILE *out, const struct layer *layers, size_t at) {
  const struct layer *layer = &layers[at];
  for (size_t i = 0; i < layer->count; i++) {
    const char *name = layer->entries[i].name.data;
    bool hidden = has(layer, i + 1, name);
    for (size_t above = 0; above < at; above++)
      hidden = hidden || has(&layers[above], 0, name);
    if (!hidden)
      fprintf(out, "%s=%s%c", name, layer->entries[i].value.data, '\0');
  }
}

/* The task's own variables count most, then the isolator's, then those that every task gets, as in Mesos. */
static void put_environment(FILE *out, const struct task *task, const char *sandbox, const struct answer *answer) {
  const struct dvdi_entry usual[] = {
      {text("PATH"), text("/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin")},
      {text("HOME"), text(task->user.name != NULL ? task->user.home : "/root")},
      {text("MESOS_SANDBOX"), text(sandbox)}};
  const struct layer layers[] = {{task->environment, task->environment_count},
                                 {answer->environment, answer->environment_count},
                                 {usual, sizeof usual / sizeof usual[0]}};
  for (size_t i = 0; i < 3; i++)
    put_layer(out, layers, i);
}

static void put_command(FILE *out, const struct task *task) {
  if (task->arguments != NULL) {
    put(out, task->program);
    put_count(out, task->arguments_count);
    for (size_t i = 0; i < task->arguments_count; i++)
      put(out, task->arguments[i]);
    return;
  }
  put(out, "/bin/sh");
  put_count(out, 3);
  put(out, "sh");
  put(out, "-c");
  put(out, task->program);
}

bool mount_namespace(char name[64]) {
  ssize_t size = readlink("/proc/self/ns/mnt", name, 63);
  name[size > 0 ? size : 0] = '\0';
  return size > 0;
}

int spec_write(const struct task *task, const char *sandbox, const struct answer *answer, struct dvdi_error *error) {
  char namespace[64];
  if (!mount_namespace(namespace)) {
    dvdi_fail(error, "Cannot read /proc/self/ns/mnt: %s. The agent needs /proc.", strerror(errno));
    return -1;
  }
  int file = memfd_create("dvdi-launch", MFD_CLOEXEC);
  int copy = file >= 0 ? dup(file) : -1;
  FILE *out = copy >= 0 ? fdopen(copy, "w") : NULL;
  if (out == NULL) {
    dvdi_fail(error, "Cannot make a file in memory (memfd_create): %s.", strerror(errno));
    if (copy >= 0)
      close(copy);
    if (file >= 0)
      close(file);
    return -1;
  }
  put(out, namespace);
  put(out, sandbox);
  put(out, task->user.name != NULL ? task->user.name : "");
  put_count(out, task->user.uid);
  put_count(out, task->user.gid);
  put_count(out, answer->binds_count);
  for (size_t i = 0; i < answer->binds_count; i++) {
    put(out, answer->binds[i].read_only ? "ro" : "rw");
    put(out, answer->binds[i].source.data);
    put(out, answer->binds[i].mount.device.data);
    put(out, answer->binds[i].mount.root.data);
    put(out, answer->binds[i].mount.mountpoint.data);
    put(out, answer->binds[i].target.data);
  }
  put_command(out, task);
  put_environment(out, task, sandbox, answer);
  bool written = !ferror(out);
  if (fclose(out) == 0 && written && lseek(file, 0, SEEK_SET) == 0)
    return file;
  dvdi_fail(error, "Cannot write what the launcher needs to memory: %s.", strerror(errno));
  close(file);
  return -1;
}

/* A place in the text, which ends at `end`, and a NUL is the last character before it. */
struct reader {
  char *at;
  const char *end;
};

static char *take(struct reader *reader) {
  if (reader->at >= reader->end)
    return NULL;
  char *text = reader->at;
  reader->at += strlen(text) + 1;
  return text;
}

static bool take_number(struct reader *reader, size_t *number) {
  const char *text = take(reader);
  if (text == NULL)
    return false;
  *number = strtoul(text, NULL, 10);
  return true;
}

static bool take_count(struct reader *reader, size_t *count) {
  return take_number(reader, count) && *count <= (size_t)(reader->end - reader->at);
}

static bool take_user(struct reader *reader, struct launch_spec *spec) {
  size_t uid;
  size_t gid;
  spec->user = take(reader);
  if (!take_number(reader, &uid) || !take_number(reader, &gid))
    return false;
  spec->uid = (uid_t)uid;
  spec->gid = (gid_t)gid;
  return true;
}

/* Takes `count` texts, or as many as there are. */
static char **take_list(struct reader *reader, size_t count) {
  char **list = calloc(count + 1, sizeof *list);
  for (size_t i = 0; list != NULL && i < count; i++)
    list[i] = take(reader);
  return list;
}

static char **take_variables(struct reader *reader) {
  size_t count = 0;
  for (struct reader ahead = *reader; take(&ahead) != NULL;)
    count++;
  return take_list(reader, count);
}

static bool take_binds(struct reader *reader, struct launch_spec *spec) {
  if (!take_count(reader, &spec->binds_count))
    return false;
  spec->binds = calloc(spec->binds_count + 1, sizeof *spec->binds);
  for (size_t i = 0; spec->binds != NULL && i < spec->binds_count; i++) {
    const char *mode = take(reader);
    spec->binds[i].source = take(reader);
    spec->binds[i].mount.device = take(reader);
    spec->binds[i].mount.root = take(reader);
    spec->binds[i].mount.point = take(reader);
    spec->binds[i].target = take(reader);
    if (spec->binds[i].target == NULL)
      return false;
    spec->binds[i].base = spec->sandbox;
    spec->binds[i].read_only = strcmp(mode, "ro") == 0;
  }
  return spec->binds != NULL;
}

bool spec_read(int file, struct launch_spec *spec, struct dvdi_error *error) {
  struct stat status;
  *spec = (struct launch_spec){.text = NULL};
  if (fstat(file, &status) != 0 || status.st_size <= 0) {
    return dvdi_fail(error, "The launcher was given nothing to launch. Only dvdi-agent itself starts it.");
  }
  size_t size = (size_t)status.st_size;
  spec->text = malloc(size);
  if (spec->text == NULL || pread(file, spec->text, size, 0) != (ssize_t)size || spec->text[size - 1] != '\0') {
    return dvdi_fail(error, "The launcher cannot read what it is to launch: %s.", strerror(errno));
  }
  struct reader reader = {spec->text, spec->text + size};
  spec->agent_namespace = take(&reader);
  spec->sandbox = take(&reader);
  size_t count = 0;
  bool complete = take_user(&reader, spec) && take_binds(&reader, spec);
  spec->program = take(&reader);
  complete = complete && take_count(&reader, &count);
  spec->arguments = complete ? take_list(&reader, count) : NULL;
  spec->environment = take_variables(&reader);
  if (spec->arguments != NULL && spec->arguments[0] != NULL && spec->environment != NULL)
    return true;
  return dvdi_fail(error, "The launcher cannot understand what it is to launch, which is a defect in dvdi-agent.");
}
