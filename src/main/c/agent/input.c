/* SPDX-License-Identifier: Apache-2.0 */
#include "input.h"

#include <errno.h>
#include <pwd.h>
#include <stdlib.h>
#include <string.h>

/* Where the next line belongs to. */
struct place {
  struct input *input;
  struct task *task;
  struct dvdi_volume *volume;
  struct entries options;   /* of that volume */
  struct dvdi_entry *entry; /* whose value follows */
};

static bool is(const char *key, const char *name) {
  return strcmp(key, name) == 0;
}

static struct dvdi_string string(const char *text) {
  return (struct dvdi_string){text, strlen(text)};
}

/* Makes room for one more item and a NULL behind it, and gives the item. `list` points to a pointer of any type. */
static void *add(void *list, size_t *count, size_t size) {
  char *items;
  memcpy(&items, list, sizeof items);
  items = realloc(items, (*count + 2) * size);
  /* Nothing was started yet. */
  if (items == NULL)
    abort();
  memcpy(list, &items, sizeof items);
  return memset(items + (*count)++ * size, 0, 2 * size);
}

static bool add_entry(struct place *place, struct entries *entries, const char *name) {
  place->entry = add(&entries->items, &entries->count, sizeof *entries->items);
  place->entry->name = string(name);
  return true;
}

static bool read_user(struct task *task, const char *name, struct dvdi_error *error) {
  errno = 0;
  const struct passwd *entry = getpwnam(name);
  if (entry == NULL) {
    return dvdi_fail(error, "Task %s: its user is \"%.60s\", and this host %s; name one that getent passwd has.",
                     task->id, name, errno == 0 ? "has no such user" : strerror(errno));
  }
  task->user = name;
  task->uid = entry->pw_uid;
  task->gid = entry->pw_gid;
  task->home = strdup(entry->pw_dir);
  return true;
}

static bool read_of_volume(struct place *place, const char *key, const char *text) {
  struct dvdi_volume *volume = place->volume;
  if (is(key, "driver")) {
    volume->driver = string(text);
  } else if (is(key, "path")) {
    volume->container_path = string(text);
  } else if (is(key, "read_only")) {
    volume->read_only = is(text, "1");
  } else if (is(key, "option")) {
    add_entry(place, &place->options, text);
    volume->options = place->options.items;
    volume->options_count = place->options.count;
  } else {
    return false;
  }
  return true;
}

static bool read_of_task(struct place *place, const char *key, const char *text) {
  struct task *task = place->task;
  if (is(key, "program")) {
    task->program = text;
  } else if (is(key, "argument")) {
    *(const char **)add(&task->arguments, &task->arguments_count, sizeof *task->arguments) = text;
  } else if (is(key, "variable")) {
    add_entry(place, &task->environment, text);
  } else if (is(key, "volume")) {
    place->volume = add(&task->volumes, &task->volumes_count, sizeof *task->volumes);
    place->volume->name = string(text);
    place->options = (struct entries){NULL, 0};
  } else {
    return place->volume != NULL && read_of_volume(place, key, text);
  }
  return true;
}

static bool read_line(struct place *place, const char *key, const char *text) {
  struct input *input = place->input;
  if (is(key, "value") && place->entry != NULL) {
    place->entry->value = string(text);
  } else if (is(key, "library")) {
    input->library = text;
  } else if (is(key, "work_dir")) {
    input->work_dir = text;
  } else if (is(key, "end_after")) {
    input->end_after = strtoull(text, NULL, 10);
  } else if (is(key, "parameter")) {
    add_entry(place, &input->parameters, text);
  } else if (is(key, "task")) {
    place->task = add(&input->tasks, &input->tasks_count, sizeof *input->tasks);
    place->task->id = text;
    place->volume = NULL;
  } else {
    return place->task != NULL && read_of_task(place, key, text);
  }
  return true;
}

static void unescape(char *text) {
  char *to = text;
  for (const char *from = text; *from != '\0'; from++) {
    bool escape = *from == '\\' && from[1] != '\0';
    from += escape;
    *to++ = escape && *from == 'n' ? '\n' : *from;
  }
  *to = '\0';
}

static bool is_complete(const struct input *input) {
  for (size_t i = 0; i < input->tasks_count; i++) {
    if (input->tasks[i].program == NULL || input->tasks[i].arguments == NULL)
      return false;
  }
  return input->library != NULL && input->work_dir != NULL;
}

bool input_read(FILE *from, struct input *input, struct dvdi_error *error) {
  *input = (struct input){.library = NULL};
  struct place place = {.input = input};
  char *line = NULL;
  size_t size = 0;
  for (ssize_t length; (length = getline(&line, &size, from)) >= 0; line = NULL, size = 0) {
    line[length > 0 && line[length - 1] == '\n' ? length - 1 : length] = '\0';
    char *equals = strchr(line, '=');
    if (equals != NULL)
      *equals = '\0';
    char *text = equals != NULL ? equals + 1 : line;
    unescape(text);
    if (place.task != NULL && is(line, "user")) {
      if (!read_user(place.task, text, error))
        return false;
    } else if (equals == NULL || !read_line(&place, line, text)) {
      return dvdi_fail(
          error,
          "dvdi-agent does not know the key \"%.60s\" in its input, or the key is out of place. Start it with "
          "bin/dvdi run, of the same release.",
          line);
    }
  }
  free(line);
  if (ferror(from))
    return dvdi_fail(error, "Cannot read the input of dvdi-agent: %s.", strerror(errno));
  return is_complete(input) ||
         dvdi_fail(error, "The input of dvdi-agent is not complete. Start it with bin/dvdi run, of the same release.");
}
