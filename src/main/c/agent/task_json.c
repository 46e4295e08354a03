/* SPDX-License-Identifier: Apache-2.0 */
#include "task_json.h"

#include <errno.h>
#include <limits.h>
#include <pwd.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "json_read.h"
#include "task_volumes_json.h"

enum {
  PLACE = PATH_MAX + 128,
  /* An id becomes the name of a folder, with 17 characters of the container's own behind it (NAME_MAX is 255). */
  LONGEST_ID = 200
};

/* What Mesos asks of an id (validateID in its common/validation.cpp), since it becomes a part of paths. */
static bool check_id(const char *id, const char *where, struct dvdi_error *error) {
  size_t length = strlen(id);
  bool good = length > 0 && length <= LONGEST_ID && id[0] != '.';
  for (const char *at = id; *at != '\0'; at++) {
    if (*at == ' ' || *at == '/' || *at == '\\')
      good = false;
  }
  if (good)
    return true;
  return dvdi_fail(error,
                   "%s: task_id.value is \"%.60s\"%s; it has to have 1 to %d characters, none of them a blank or a "
                   "slash, and must not begin with a dot.",
                   where, id, length > 60 ? "..." : "", LONGEST_ID);
}

static bool read_id(const json_t *info, const char *where, struct task *task, struct dvdi_error *error) {
  const json_t *id = NULL;
  if (!json_read_object(info, where, "task_id", JSON_REQUIRED, &id, error))
    return false;
  char place[PLACE + 16];
  snprintf(place, sizeof place, "%s.task_id", where);
  return json_read_name(id, place, "value", JSON_REQUIRED, &task->id, error) && check_id(task->id, where, error);
}

static bool read_arguments(const json_t *command, const char *where, struct task *task, struct dvdi_error *error) {
  const json_t *list = NULL;
  if (!json_read_array(command, where, "arguments", JSON_OPTIONAL, &list, error))
    return false;
  size_t count = json_array_size(list);
  task->arguments = calloc(count + 1, sizeof *task->arguments);
  if (task->arguments == NULL)
    return dvdi_fail(error, "No memory for the arguments of a task.");
  for (size_t i = 0; i < count; i++) {
    task->arguments[i] = json_string_value(json_array_get(list, i));
    if (task->arguments[i] == NULL) {
      return dvdi_fail(error, "%s.arguments[%zu] has to be a string.", where, i);
    }
  }
  task->arguments_count = count;
  /* Mesos starts such a program with an empty argv; no program expects that. */
  if (count == 0)
    task->arguments[task->arguments_count++] = task->program;
  return true;
}

static bool read_environment(const json_t *command, const char *where, struct task *task, struct dvdi_error *error) {
  const json_t *environment = NULL;
  const json_t *list = NULL;
  if (!json_read_object(command, where, "environment", JSON_OPTIONAL, &environment, error))
    return false;
  if (environment == NULL)
    return true;
  char place[PLACE + 64];
  snprintf(place, sizeof place, "%s.environment", where);
  if (!json_read_array(environment, place, "variables", JSON_OPTIONAL, &list, error))
    return false;
  size_t count = json_array_size(list);
  task->environment = calloc(count + 1, sizeof *task->environment);
  if (task->environment == NULL)
    return dvdi_fail(error, "No memory for the environment of a task.");
  for (size_t i = 0; i < count; i++) {
    snprintf(place, sizeof place, "%s.environment.variables[%zu]", where, i);
    const json_t *variable = json_array_get(list, i);
    const char *name = "";
    const char *value = "";
    if (!json_is_object_at(variable, place, error) ||
        !json_read_string(variable, place, "name", JSON_REQUIRED, &name, error) ||
        !json_read_string(variable, place, "value", JSON_REQUIRED, &value, error)) {
      return false;
    }
    if (name[0] == '\0' || strchr(name, '=') != NULL) {
      return dvdi_fail(error, "%s: the key \"name\" is \"%s\"; a variable's name is not empty and has no '='.", place,
                       name);
    }
    task->environment[task->environment_count++] = (struct dvdi_entry){{name, strlen(name)}, {value, strlen(value)}};
  }
  return true;
}

static bool read_user(const json_t *command, const char *where, struct task_user *user, struct dvdi_error *error) {
  const char *name = "root";
  if (!json_read_string(command, where, "user", JSON_OPTIONAL, &name, error))
    return false;
  if (strcmp(name, "root") == 0)
    return true;
  errno = 0;
  const struct passwd *entry = getpwnam(name);
  if (entry == NULL) {
    return dvdi_fail(error, "%s: the key \"user\" is \"%.60s\", and this host %s; name one that getent passwd has.",
                     where, name, errno == 0 ? "has no such user" : strerror(errno));
  }
  *user = (struct task_user){name, entry->pw_uid, entry->pw_gid, strdup(entry->pw_dir)};
  return user->home != NULL || dvdi_fail(error, "No memory for the user of a task.");
}

static bool read_command(const json_t *info, const char *where, struct task *task, struct dvdi_error *error) {
  const json_t *command = NULL;
  if (json_object_get(info, "executor") != NULL) {
    return dvdi_fail(error, "%s: the embedded agent runs commands only; replace the key \"executor\" by \"command\".",
                     where);
  }
  if (!json_read_object(info, where, "command", JSON_REQUIRED, &command, error))
    return false;
  char place[PLACE + 16];
  snprintf(place, sizeof place, "%s.command", where);
  bool shell = true;
  if (!json_read_string(command, place, "value", JSON_REQUIRED, &task->program, error) ||
      !json_read_bool(command, place, "shell", JSON_OPTIONAL, &shell, error)) {
    return false;
  }
  if (task->program[0] == '\0')
    return dvdi_fail(error, "%s: the key \"value\" is empty; name what to run.", place);
  return read_user(command, place, &task->user, error) && (shell || read_arguments(command, place, task, error)) &&
         read_environment(command, place, task, error);
}

static void free_task(struct task *task) {
  free(task->user.home);
  free(task->arguments);
  free(task->environment);
  free_task_volumes(task);
}

static bool add_task(const json_t *info, const char *where, struct tasks *tasks, struct dvdi_error *error) {
  struct task *items = realloc(tasks->items, (tasks->count + 1) * sizeof *items);
  if (items == NULL)
    return dvdi_fail(error, "No memory for the tasks.");
  tasks->items = items;
  struct task *task = &items[tasks->count++];
  *task = (struct task){.id = NULL};
  if (!json_is_object_at(info, where, error) || !read_id(info, where, task, error) ||
      !read_command(info, where, task, error) || !read_task_volumes(info, where, task, error)) {
    return false;
  }
  for (size_t i = 0; i + 1 < tasks->count; i++) {
    if (strcmp(items[i].id, task->id) == 0) {
      return dvdi_fail(error, "%s: another task has the task_id \"%s\" too; give each its own.", where, task->id);
    }
  }
  return true;
}

static bool add_file(const char *path, struct tasks *tasks, struct dvdi_error *error) {
  json_t **roots = realloc(tasks->roots, (tasks->roots_count + 1) * sizeof *roots);
  if (roots == NULL)
    return dvdi_fail(error, "No memory for the tasks.");
  tasks->roots = roots;
  json_t *root;
  if (!json_read(path, &root, error))
    return false;
  roots[tasks->roots_count++] = root;
  const char *name = strcmp(path, "-") == 0 ? "standard input" : path;
  if (!json_is_array(root))
    return add_task(root, name, tasks, error);
  for (size_t i = 0; i < json_array_size(root); i++) {
    char place[PLACE];
    snprintf(place, sizeof place, "%.*s: task [%zu]", PATH_MAX, name, i);
    if (!add_task(json_array_get(root, i), place, tasks, error))
      return false;
  }
  return true;
}

bool read_tasks(char *const *paths, size_t count, struct tasks *tasks, struct dvdi_error *error) {
  *tasks = (struct tasks){.roots = NULL};
  for (size_t i = 0; i < count; i++) {
    if (!add_file(paths[i], tasks, error)) {
      free_tasks(tasks);
      return false;
    }
  }
  return true;
}

void free_tasks(struct tasks *tasks) {
  for (size_t i = 0; i < tasks->count; i++)
    free_task(&tasks->items[i]);
  for (size_t i = 0; i < tasks->roots_count; i++)
    json_decref(tasks->roots[i]);
  free(tasks->items);
  free(tasks->roots);
  *tasks = (struct tasks){.roots = NULL};
}
