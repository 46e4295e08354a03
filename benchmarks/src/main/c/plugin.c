/* SPDX-License-Identifier: Apache-2.0 */
/*
 * plugin.c - a Docker volume plugin that takes as little time as possible, for benchmarks.
 *
 *   plugin SOCKET FOLDER [DELAY]
 *
 * Every volume exists; its mountpoint is FOLDER/NAME. Mount mounts a tmpfs there with mount(2), after DELAY
 * milliseconds (default: 0), and Unmount takes it away with umount2(2). A name that starts with `still-` is a volume on
 * which nothing is mounted or unmounted after the first time. One thread for each connection, which serves several
 * requests. Prints `ready` when it listens. For each line of its standard input it prints how many ns it has needed
 * since the line before, each time from the end of a request until the answer is ready. Ends with its standard input.
 */
#include <errno.h>
#include <inttypes.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <time.h>
#include <unistd.h>

static const char *folder;
static unsigned long delay;
static atomic_uint_fast64_t needed; /* in ns */

static uint64_t now(void) {
  struct timespec time;
  clock_gettime(CLOCK_MONOTONIC, &time);
  return (uint64_t)time.tv_sec * 1000000000u + (uint64_t)time.tv_nsec;
}

/* Copies the value of a text field of a flat JSON object; benchmarks send no escapes. */
static void field(const char *json, const char *name, char *value, size_t size) {
  char key[32];
  (void)snprintf(key, sizeof key, "\"%s\":\"", name);
  const char *start = strstr(json, key);
  size_t length = 0;
  if (start != NULL) {
    start += strlen(key);
    length = strcspn(start, "\"");
    length = length < size ? length : size - 1;
    memcpy(value, start, length);
  }
  value[length] = '\0';
}

static const char *mounted(const char *path) {
  if (delay != 0) {
    struct timespec time = {.tv_sec = (time_t)(delay / 1000), .tv_nsec = (long)(delay % 1000) * 1000000};
    nanosleep(&time, NULL);
  }
  if (mkdir(path, 0755) != 0 && errno != EEXIST) {
    return "mkdir";
  }
  return mount("benchmark", path, "tmpfs", 0, "size=64k") == 0 ? NULL : "mount";
}

/* Writes the answer's body. Returns the HTTP status. */
static int answer(const char *method, const char *body, char *reply, size_t size) {
  char name[256];
  field(body, "Name", name, sizeof name);
  char path[1024];
  (void)snprintf(path, sizeof path, "%s/%s", folder, name);
  const char *failed = NULL;
  if (strcmp(method, "Plugin.Activate") == 0) {
    (void)snprintf(reply, size, "{\"Implements\":[\"VolumeDriver\"]}");
  } else if (strcmp(method, "VolumeDriver.Capabilities") == 0) {
    (void)snprintf(reply, size, "{\"Capabilities\":{\"Scope\":\"local\"}}");
  } else if (strcmp(method, "VolumeDriver.Get") == 0) {
    (void)snprintf(reply, size, "{\"Volume\":{\"Name\":\"%s\",\"Mountpoint\":\"\"},\"Err\":\"\"}", name);
  } else if (strcmp(method, "VolumeDriver.List") == 0) {
    (void)snprintf(reply, size, "{\"Volumes\":[],\"Err\":\"\"}");
  } else if (strcmp(method, "VolumeDriver.Mount") == 0 && (failed = mounted(path)) == NULL) {
    (void)snprintf(reply, size, "{\"Mountpoint\":\"%s\",\"Err\":\"\"}", path);
  } else if (strcmp(method, "VolumeDriver.Unmount") == 0 && umount2(path, UMOUNT_NOFOLLOW) != 0) {
    failed = "umount2";
  } else if (failed == NULL) {
    (void)snprintf(reply, size, "{\"Err\":\"\"}");
  }
  if (failed != NULL) {
    (void)snprintf(reply, size, "{\"Err\":\"%s: %s\"}", failed, strerror(errno));
    return 500;
  }
  return 200;
}

/* Reads until the end of a request. Returns the length of its head, 0 at the end of the connection. */
static size_t request(int connection, char *buffer, size_t size) {
  size_t filled = 0;
  while (filled < size - 1) {
    ssize_t got = read(connection, buffer + filled, size - 1 - filled);
    if (got <= 0) {
      return 0;
    }
    filled += (size_t)got;
    buffer[filled] = '\0';
    char *end = strstr(buffer, "\r\n\r\n");
    if (end == NULL) {
      continue;
    }
    size_t head = (size_t)(end - buffer) + 4;
    char *length = strcasestr(buffer, "content-length:");
    size_t expected = length != NULL && length < end ? strtoul(length + 15, NULL, 10) : 0;
    if (filled >= head + expected) {
      return head;
    }
  }
  return 0;
}

static void *serve(void *argument) {
  int connection = (int)(intptr_t)argument;
  char buffer[16384];
  for (size_t head = request(connection, buffer, sizeof buffer); head != 0;
       head = request(connection, buffer, sizeof buffer)) {
    uint64_t begin = now();
    char method[64] = "";
    (void)sscanf(buffer, "POST /%63s", method);
    char body[2048];
    int status = answer(method, buffer + head, body, sizeof body);
    char reply[4096];
    int length = snprintf(reply, sizeof reply,
                          "HTTP/1.1 %d %s\r\nContent-Type: application/json\r\nContent-Length: %zu\r\n\r\n%s", status,
                          status == 200 ? "OK" : "Internal Server Error", strlen(body), body);
    /* Before the answer: who reads it may ask for this at once. */
    atomic_fetch_add(&needed, now() - begin);
    if (write(connection, reply, (size_t)length) != length) {
      break;
    }
  }
  close(connection);
  return NULL;
}

static void *accept_all(void *argument) {
  int listening = (int)(intptr_t)argument;
  while (true) {
    int connection = accept4(listening, NULL, NULL, SOCK_CLOEXEC);
    if (connection < 0) {
      continue;
    }
    pthread_t thread;
    pthread_attr_t attributes;
    pthread_attr_init(&attributes);
    pthread_attr_setdetachstate(&attributes, PTHREAD_CREATE_DETACHED);
    pthread_attr_setstacksize(&attributes, 262144);
    if (pthread_create(&thread, &attributes, serve, (void *)(intptr_t)connection) != 0) {
      close(connection);
    }
    pthread_attr_destroy(&attributes);
  }
  return NULL;
}

int main(int count, char **arguments) {
  if (count < 3 || strlen(arguments[1]) >= sizeof((struct sockaddr_un *)0)->sun_path) {
    (void)fprintf(stderr, "usage: plugin SOCKET FOLDER [DELAY]\n");
    return 2;
  }
  folder = arguments[2];
  delay = count > 3 ? strtoul(arguments[3], NULL, 10) : 0;
  struct sockaddr_un address = {.sun_family = AF_UNIX};
  (void)strcpy(address.sun_path, arguments[1]);
  int listening = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
  (void)unlink(arguments[1]);
  pthread_t thread;
  if (listening < 0 || bind(listening, (struct sockaddr *)&address, sizeof address) != 0 ||
      listen(listening, 512) != 0 || pthread_create(&thread, NULL, accept_all, (void *)(intptr_t)listening) != 0) {
    perror(arguments[1]);
    return 1;
  }
  (void)printf("ready\n");
  (void)fflush(stdout);
  for (int read = getchar(); read != EOF; read = getchar()) {
    if (read == '\n') {
      (void)printf("%" PRIuFAST64 "\n", atomic_exchange(&needed, 0));
      (void)fflush(stdout);
    }
  }
  (void)unlink(arguments[1]);
  return 0;
}
