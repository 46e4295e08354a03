/* SPDX-License-Identifier: Apache-2.0 */
#include "process.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

/* False with errno on failure. */
static bool read_file(const char *path, char *text, size_t size) {
  int file = open(path, O_RDONLY | O_CLOEXEC);
  if (file < 0)
    return false;
  ssize_t length = read(file, text, size - 1);
  int cause = length < 0 ? errno : EIO;
  close(file);
  text[length > 0 ? length : 0] = '\0';
  errno = cause;
  return length > 0;
}

bool process_identify(pid_t pid, struct process *process) {
  char path[64];
  char text[1024];
  *process = (struct process){0, 0};
  snprintf(path, sizeof path, "/proc/%d/stat", (int)pid);
  if (!read_file(path, text, sizeof text)) {
    /* The folder of a process is not there any more, or it went while the file was read: ESRCH (proc(5)). */
    if (errno == ENOENT)
      errno = ESRCH;
    return false;
  }
  /* The second field is the program's name in parentheses, and may have any characters in it. */
  const char *rest = strrchr(text, ')');
  char state;
  uint64_t started;
  if (rest == NULL ||
      sscanf(rest + 1, " %c %*s %*s %*s %*s %*s %*s %*s %*s %*s %*s %*s %*s %*s %*s %*s %*s %*s %*s %" SCNu64, &state,
             &started) != 2) {
    errno = EIO;
    return false;
  }
  if (state == 'Z' || state == 'X') {
    errno = ESRCH;
    return false;
  }
  *process = (struct process){pid, started};
  return true;
}

int process_open_child(pid_t child) {
  /* The C library has a function for it since glibc 2.36 only. */
  return (int)syscall(SYS_pidfd_open, child, 0);
}

/* False with errno, as of process_identify, when it has ended or that cannot be told. */
static bool lives(const struct process *process) {
  struct process now;
  if (!process_identify(process->pid, &now))
    return false;
  errno = ESRCH;
  return now.started == process->started;
}

int process_open(const struct process *process) {
  errno = ESRCH;
  if (process->pid <= 0)
    return -1;
  int pidfd = process_open_child(process->pid);
  int cause = errno;
  /* Looked at after the pidfd is there: from then on the pid cannot be another process' without this being seen. */
  if (lives(process)) {
    errno = cause;
    return pidfd;
  }
  cause = errno;
  if (pidfd >= 0)
    close(pidfd);
  errno = cause;
  return -1;
}

void process_signal(int pidfd, int number) {
  syscall(SYS_pidfd_send_signal, pidfd, number, NULL, 0);
}

const char *process_boot_id(void) {
  static char id[64];
  if (id[0] == '\0' && read_file("/proc/sys/kernel/random/boot_id", id, sizeof id))
    id[strcspn(id, "\n")] = '\0';
  return id;
}
