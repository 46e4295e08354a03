/* SPDX-License-Identifier: Apache-2.0 */
#include "answers.h"

#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <unistd.h>

static struct {
  pthread_mutex_t mutex;
  struct answer *first;
  struct answer **end;
  int event;
} queue = {.mutex = PTHREAD_MUTEX_INITIALIZER, .end = &queue.first, .event = -1};

int answers_open(void) {
  queue.event = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
  return queue.event;
}

static struct dvdi_string copy(const struct dvdi_string *string) {
  char *data = malloc(string->size + 1);
  /* The isolator cannot be told that its answer was lost, and a task must not start on half an answer. */
  if (data == NULL)
    abort();
  if (string->size > 0)
    memcpy(data, string->data, string->size);
  data[string->size] = '\0';
  return (struct dvdi_string){data, string->size};
}

static void *room_for(size_t count, size_t size) {
  void *room = calloc(count + 1, size);
  if (room == NULL)
    abort();
  return room;
}

void answers_complete(uint64_t call, const struct dvdi_answer *answer) {
  struct answer *taken = room_for(1, sizeof *taken);
  taken->call = call;
  if (answer->failed)
    taken->failure = (char *)(uintptr_t)copy(&answer->failure).data;
  if (answer->limitation.size > 0)
    taken->limitation = (char *)(uintptr_t)copy(&answer->limitation).data;
  taken->binds = room_for(answer->binds_count, sizeof *taken->binds);
  taken->binds_count = answer->binds_count;
  for (size_t i = 0; i < answer->binds_count; i++) {
    const struct dvdi_bind *bind = &answer->binds[i];
    taken->binds[i] =
        (struct dvdi_bind){copy(&bind->source),
                           {copy(&bind->mount.device), copy(&bind->mount.root), copy(&bind->mount.mountpoint)},
                           copy(&bind->target),
                           bind->read_only,
                           bind->suid};
  }
  taken->environment = room_for(answer->environment_count, sizeof *taken->environment);
  taken->environment_count = answer->environment_count;
  for (size_t i = 0; i < answer->environment_count; i++) {
    taken->environment[i] =
        (struct dvdi_entry){copy(&answer->environment[i].name), copy(&answer->environment[i].value)};
  }
  pthread_mutex_lock(&queue.mutex);
  *queue.end = taken;
  queue.end = &taken->next;
  pthread_mutex_unlock(&queue.mutex);
  /* eventfd(2): fails only when the counter is at its end, and then it is readable anyway. */
  eventfd_write(queue.event, 1);
}

struct answer *answers_take(void) {
  eventfd_t ignored;
  eventfd_read(queue.event, &ignored);
  pthread_mutex_lock(&queue.mutex);
  struct answer *taken = queue.first;
  if (taken != NULL)
    queue.first = taken->next;
  if (queue.first == NULL)
    queue.end = &queue.first;
  /* The descriptor stays readable as long as there is one. */
  if (queue.first != NULL)
    eventfd_write(queue.event, 1);
  pthread_mutex_unlock(&queue.mutex);
  return taken;
}

static void free_string(struct dvdi_string *string) {
  free((char *)(uintptr_t)string->data);
}

void answer_free(struct answer *answer) {
  if (answer == NULL)
    return;
  for (size_t i = 0; i < answer->binds_count; i++) {
    free_string(&answer->binds[i].source);
    free_string(&answer->binds[i].mount.device);
    free_string(&answer->binds[i].mount.root);
    free_string(&answer->binds[i].mount.mountpoint);
    free_string(&answer->binds[i].target);
  }
  for (size_t i = 0; i < answer->environment_count; i++) {
    free_string(&answer->environment[i].name);
    free_string(&answer->environment[i].value);
  }
  free(answer->failure);
  free(answer->limitation);
  free(answer->binds);
  free(answer->environment);
  free(answer);
}
