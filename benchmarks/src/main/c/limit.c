/* SPDX-License-Identifier: Apache-2.0 */
#include "limit.h"

#include <err.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <poll.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/statfs.h>
#include <sys/syscall.h>
#include <sys/un.h>
#include <unistd.h>

/* Debian 12's headers have neither of these; see linux/mount.h and linux/stat.h of Linux 6.12. */
#define SYS_STATMOUNT 457
#define SYS_LISTMOUNT 458
#define MNT_ID_UNIQUE 0x4000u
#define LISTMOUNT_REVERSE 1u
#define LSMT_ROOT UINT64_MAX
#define STATMOUNT_FACTS 0x37u /* sb, mnt, mnt_root, mnt_point, fs_type */

struct mount_question {
  uint32_t size;
  uint32_t spare;
  uint64_t mount;
  uint64_t param;
};

static struct sockaddr_un address = {.sun_family = AF_UNIX};
static char records[PATH_MAX / 2];
static char volumes[PATH_MAX / 2];

static long checked(const char *what, long result) {
  if (result < 0) {
    err(1, "%s", what);
  }
  return result;
}

void limit_open(const char *socket, const char *record_folder, const char *volume_folder) {
  if (strlen(socket) >= sizeof address.sun_path || strlen(record_folder) >= sizeof records ||
      strlen(volume_folder) >= sizeof volumes) {
    errx(2, "a path is too long");
  }
  (void)strcpy(address.sun_path, socket);
  (void)strcpy(records, record_folder);
  (void)strcpy(volumes, volume_folder);
}

/* Sends a request on a connection of its own, and reads the answer. */
static void ask(const char *method, const char *volume, const char *mount_id) {
  char body[512];
  char request[1024];
  char answer[8192];
  int size = strcmp(method, "Plugin.Activate") == 0 ? snprintf(body, sizeof body, "{}")
             : mount_id == NULL                     ? snprintf(body, sizeof body, "{\"Name\":\"%s\"}", volume)
                                : snprintf(body, sizeof body, "{\"Name\":\"%s\",\"ID\":\"%s\"}", volume, mount_id);
  size = snprintf(request, sizeof request,
                  "POST /%s HTTP/1.1\r\nAccept: application/vnd.docker.plugins.v1.2+json\r\nContent-Length: %d\r\n"
                  "Host: plugin\r\nConnection: close\r\n\r\n%s",
                  method, size, body);
  int connection = (int)checked("socket", socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0));
  checked("connect", connect(connection, (struct sockaddr *)&address, sizeof address));
  checked("sendto", sendto(connection, request, (size_t)size, MSG_NOSIGNAL, NULL, 0));
  struct pollfd readable = {.fd = connection, .events = POLLIN};
  struct timespec minute = {.tv_sec = 60};
  checked("ppoll", ppoll(&readable, 1, &minute, NULL));
  ssize_t length = recvfrom(connection, answer, sizeof answer - 1, 0, NULL, NULL);
  checked("recvfrom", length);
  answer[length] = '\0';
  if (strncmp(answer, "HTTP/1.1 200", 12) != 0) {
    errx(1, "%s: %s", method, answer);
  }
  close(connection);
}

static void sync_records(void) {
  int folder = (int)checked(records, open(records, O_RDONLY | O_CLOEXEC));
  checked("fsync", fsync(folder));
  close(folder);
}

/* Replaces the record: with `size` bytes, about as many as the module's has. */
static void write_record(const char *volume, size_t size) {
  static const char content[1024] = "{";
  char file[PATH_MAX];
  char next[PATH_MAX];
  (void)snprintf(file, sizeof file, "%s/%s.json", records, volume);
  (void)snprintf(next, sizeof next, "%s/%s.json.new", records, volume);
  int opened = (int)checked(next, open(next, O_WRONLY | O_CREAT | O_NOFOLLOW | O_CLOEXEC, 0600));
  checked("ftruncate", ftruncate(opened, 0));
  checked("write", write(opened, content, size));
  checked("fsync", fsync(opened));
  close(opened);
  checked("rename", rename(next, file));
  sync_records();
}

static void remove_record(const char *volume) {
  char file[PATH_MAX];
  (void)snprintf(file, sizeof file, "%s/%s.json", records, volume);
  checked("unlink", unlink(file));
  sync_records();
}

/* Fails on kernels that are too old for it, which takes the same time there. */
static void newest_mount(void) {
  struct mount_question question = {.size = sizeof question, .mount = LSMT_ROOT};
  uint64_t id;
  (void)syscall(SYS_LISTMOUNT, &question, &id, 1, LISTMOUNT_REVERSE);
}

static uint64_t mount_of(const char *path) {
  struct statx entry;
  checked(path, statx(AT_FDCWD, path, AT_STATX_DONT_SYNC | AT_SYMLINK_NOFOLLOW | AT_NO_AUTOMOUNT,
                      STATX_TYPE | MNT_ID_UNIQUE, &entry));
  uint64_t id;
  memcpy(&id, (const char *)&entry + 144, sizeof id); /* stx_mnt_id, which glibc's header may not have */
  return id;
}

static void facts(uint64_t mount) {
  struct mount_question question = {.size = sizeof question, .mount = mount, .param = STATMOUNT_FACTS};
  char answer[9216];
  (void)syscall(SYS_STATMOUNT, &question, answer, sizeof answer, 0);
}

static void health(const char *path) {
  struct statfs file_system;
  checked(path, statfs(path, &file_system));
}

static void place(const struct host_task *task, char path[PATH_MAX]) {
  (void)snprintf(path, PATH_MAX, "%s/%s", volumes, task->name);
}

void limit_prepare(const struct host_task *task) {
  char path[PATH_MAX];
  place(task, path);
  int sandbox = (int)checked(task->sandbox, open(task->sandbox, O_PATH | O_DIRECTORY | O_CLOEXEC));
  int target = (int)checked("data", openat(sandbox, "data", O_PATH | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC));
  close(sandbox);
  close(target);
  ask("VolumeDriver.Get", task->name, NULL);
  newest_mount();
  write_record(task->name, 680);
  ask("VolumeDriver.Mount", task->name, "0b5b3c8a-1c2d-4e5f-8a9b-0c1d2e3f4a5b-1");
  newest_mount();
  facts(mount_of(path));
  health(path);
  write_record(task->name, 890);
}

void limit_cleanup(const struct host_task *task) {
  char path[PATH_MAX];
  place(task, path);
  newest_mount();
  uint64_t mount = mount_of(path);
  facts(mount);
  health(path);
  write_record(task->name, 890);
  ask("Plugin.Activate", task->name, NULL);
  ask("VolumeDriver.Unmount", task->name, "0b5b3c8a-1c2d-4e5f-8a9b-0c1d2e3f4a5b-1");
  newest_mount();
  facts(mount_of(path));
  facts(mount);
  remove_record(task->name);
}
