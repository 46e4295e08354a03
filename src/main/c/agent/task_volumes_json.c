/* SPDX-License-Identifier: Apache-2.0 */
#include "task_volumes_json.h"

#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "json_read.h"

enum { PLACE = PATH_MAX + 256 };

static struct dvdi_string text(const char *text) {
  return text != NULL ? (struct dvdi_string){text, strlen(text)} : (struct dvdi_string){NULL, 0};
}

static bool read_options(const json_t *docker_volume, const char *where, struct dvdi_volume *volume,
                         struct dvdi_error *error) {
  const json_t *options = NULL;
  const json_t *list = NULL;
  if (!json_read_object(docker_volume, where, "driver_options", JSON_OPTIONAL, &options, error))
    return false;
  char place[PLACE];
  snprintf(place, sizeof place, "%.*s.driver_options", PLACE - 64, where);
  if (options != NULL && !json_read_array(options, place, "parameter", JSON_OPTIONAL, &list, error))
    return false;
  size_t count = json_array_size(list);
  struct dvdi_entry *entries = calloc(count + 1, sizeof *entries);
  if (entries == NULL)
    return dvdi_fail(error, "No memory for the options of a volume.");
  volume->options = entries;
  for (size_t i = 0; i < count; i++) {
    snprintf(place, sizeof place, "%.*s.driver_options.parameter[%zu]", PLACE - 64, where, i);
    const json_t *parameter = json_array_get(list, i);
    const char *key = NULL;
    const char *value = NULL;
    if (!json_is_object_at(parameter, place, error) ||
        !json_read_name(parameter, place, "key", JSON_REQUIRED, &key, error) ||
        !json_read_string(parameter, place, "value", JSON_REQUIRED, &value, error)) {
      return false;
    }
    entries[volume->options_count++] = (struct dvdi_entry){text(key), text(value)};
  }
  return true;
}

static bool read_mode(const json_t *info, const char *where, struct dvdi_volume *volume, struct dvdi_error *error) {
  const char *mode = "RW";
  if (!json_read_string(info, where, "mode", JSON_OPTIONAL, &mode, error))
    return false;
  if (strcmp(mode, "RW") != 0 && strcmp(mode, "RO") != 0) {
    return dvdi_fail(error, "%s: the key \"mode\" is \"%s\"; it has to be RW or RO.", where, mode);
  }
  volume->read_only = strcmp(mode, "RO") == 0;
  return true;
}

static bool read_docker_volume(const json_t *source, const char *where, struct dvdi_volume *volume,
                               struct dvdi_error *error) {
  const json_t *docker_volume = NULL;
  if (!json_read_object(source, where, "docker_volume", JSON_REQUIRED, &docker_volume, error))
    return false;
  char place[PLACE];
  snprintf(place, sizeof place, "%.*s.docker_volume", PLACE - 64, where);
  const char *driver = NULL;
  const char *name = NULL;
  if (!json_read_name(docker_volume, place, "driver", JSON_OPTIONAL, &driver, error) ||
      !json_read_name(docker_volume, place, "name", JSON_REQUIRED, &name, error)) {
    return false;
  }
  volume->driver = text(driver);
  volume->name = text(name);
  return read_options(docker_volume, place, volume, error);
}

static bool read_volume(const json_t *info, const char *where, struct dvdi_volume *volume, struct dvdi_error *error) {
  const json_t *source = NULL;
  const char *container_path = NULL;
  const char *type = NULL;
  if (!json_is_object_at(info, where, error) ||
      !json_read_name(info, where, "container_path", JSON_REQUIRED, &container_path, error)) {
    return false;
  }
  if (json_object_get(info, "host_path") != NULL || json_object_get(info, "image") != NULL) {
    return dvdi_fail(error,
                     "%s: volumes of a host_path or an image are not for the embedded agent; use a source of "
                     "the type DOCKER_VOLUME.",
                     where);
  }
  if (!json_read_object(info, where, "source", JSON_REQUIRED, &source, error))
    return false;
  char place[PLACE];
  snprintf(place, sizeof place, "%.*s.source", PLACE - 64, where);
  if (!json_read_string(source, place, "type", JSON_REQUIRED, &type, error))
    return false;
  if (strcmp(type, "DOCKER_VOLUME") != 0) {
    return dvdi_fail(error, "%s: the key \"type\" is \"%s\"; the embedded agent knows DOCKER_VOLUME only.", place,
                     type);
  }
  volume->container_path = text(container_path);
  return read_mode(info, where, volume, error) && read_docker_volume(source, place, volume, error);
}

bool read_task_volumes(const json_t *info, const char *where, struct task *task, struct dvdi_error *error) {
  const json_t *container = NULL;
  const json_t *volumes = NULL;
  if (!json_read_object(info, where, "container", JSON_OPTIONAL, &container, error))
    return false;
  if (container == NULL)
    return true;
  char place[PLACE];
  snprintf(place, sizeof place, "%.*s.container", PLACE - 64, where);
  const char *type = NULL;
  if (!json_read_string(container, place, "type", JSON_REQUIRED, &type, error))
    return false;
  if (strcmp(type, "MESOS") != 0) {
    return dvdi_fail(error,
                     "%s: the key \"type\" is \"%s\"; it has to be MESOS, since isolators have no say in other "
                     "containers.",
                     place, type);
  }
  if (json_object_get(json_object_get(container, "mesos"), "image") != NULL) {
    return dvdi_fail(error, "%s: the embedded agent runs tasks without an image; remove mesos.image.", place);
  }
  if (!json_read_array(container, place, "volumes", JSON_OPTIONAL, &volumes, error))
    return false;
  size_t count = json_array_size(volumes);
  task->volumes = calloc(count + 1, sizeof *task->volumes);
  if (task->volumes == NULL)
    return dvdi_fail(error, "No memory for the volumes of a task.");
  for (size_t i = 0; i < count; i++) {
    snprintf(place, sizeof place, "%.*s.container.volumes[%zu]", PLACE - 64, where, i);
    task->volumes_count++;
    if (!read_volume(json_array_get(volumes, i), place, &task->volumes[i], error))
      return false;
  }
  return true;
}

void free_task_volumes(struct task *task) {
  for (size_t i = 0; i < task->volumes_count; i++)
    free((struct dvdi_entry *)(uintptr_t)task->volumes[i].options);
  free(task->volumes);
  task->volumes = NULL;
  task->volumes_count = 0;
}
