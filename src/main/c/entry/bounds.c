/* SPDX-License-Identifier: Apache-2.0 */
#include "bounds.h"

#include <string.h>

/* What a container asks for. */
struct request {
  size_t variables;
  size_t options;
  size_t bytes;
};

static void add_text(struct request *request, const struct dvdi_string *text) {
  /* The sum of many sizes cannot wrap around: each text is in memory. */
  request->bytes += text->size;
}

static void add_entry(struct request *request, const struct dvdi_entry *entry) {
  add_text(request, &entry->name);
  add_text(request, &entry->value);
}

/* The isolator looks at no other variable. */
static bool is_ours(const struct dvdi_entry *variable) {
  static const char prefix[] = "DVDI_VOLUME_";
  return variable->name.size >= sizeof prefix - 1 && memcmp(variable->name.data, prefix, sizeof prefix - 1) == 0;
}

static void add_volume(struct request *request, const struct dvdi_volume *volume) {
  add_text(request, &volume->driver);
  add_text(request, &volume->name);
  add_text(request, &volume->container_path);
  request->options += volume->options_count;
  for (size_t i = 0; i < volume->options_count; i++)
    add_entry(request, &volume->options[i]);
}

static void add_container(struct request *request, const struct dvdi_container *container) {
  add_text(request, &container->id);
  add_text(request, &container->sandbox);
  add_text(request, &container->rootfs);
  add_text(request, &container->rootfs_sandbox);
  add_text(request, &container->user);
  for (size_t i = 0; i < container->environment_count; i++) {
    if (!is_ours(&container->environment[i]))
      continue;
    request->variables++;
    add_entry(request, &container->environment[i]);
  }
  for (size_t i = 0; i < container->volumes_count; i++)
    add_volume(request, &container->volumes[i]);
}

bool dvdi_is_within_bounds(const struct dvdi_container *container, struct dvdi_error *error) {
  struct request request = {0, 0, 0};
  add_container(&request, container);
  if (request.variables > DVDI_MOST_VARIABLES) {
    return dvdi_fail(error,
                     "The task has %zu variables whose names start with DVDI_VOLUME_; at most %d are possible. "
                     "Remove those that request no volume.",
                     request.variables, DVDI_MOST_VARIABLES);
  }
  if (container->volumes_count > DVDI_MOST_VOLUMES) {
    return dvdi_fail(error, "The task's container has %zu external volumes; at most %d are possible. Remove some.",
                     container->volumes_count, DVDI_MOST_VOLUMES);
  }
  if (request.options > DVDI_MOST_OPTIONS) {
    return dvdi_fail(error,
                     "The volumes of the task's container have %zu options; at most %d are possible. Remove some.",
                     request.options, DVDI_MOST_OPTIONS);
  }
  if (request.bytes > DVDI_MOST_BYTES) {
    return dvdi_fail(error,
                     "The task's volumes, with their names, options and paths, take %zu bytes; at most %d are "
                     "possible. Shorten the variables DVDI_VOLUME_… or the options of its volumes.",
                     request.bytes, DVDI_MOST_BYTES);
  }
  return true;
}
