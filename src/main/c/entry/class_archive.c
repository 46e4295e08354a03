/* SPDX-License-Identifier: Apache-2.0 */
#include "class_archive.h"

#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* Whether nobody but this user and root can change it. The JVM runs what is in the file, and does not check it. */
static bool is_ours(const struct stat *status) {
  return (status->st_uid == 0 || status->st_uid == geteuid()) && (status->st_mode & (S_IWGRP | S_IWOTH)) == 0;
}

/* An archive that was cut or damaged further on is found out by the JVM, and written anew. Another file is not. */
static bool is_archive(const char *path) {
  static const uint32_t magic = 0xf00baba8; /* CDS_DYNAMIC_ARCHIVE_MAGIC, since JDK 13 */
  uint32_t start = 0;
  FILE *file = fopen(path, "re");
  bool same = file != NULL && fread(&start, sizeof start, 1, file) == 1 && start == magic;
  if (file != NULL)
    fclose(file);
  return same;
}

static const char *reason_against(const char *path) {
  char folder[PATH_MAX];
  if (path[0] != '/' || (size_t)snprintf(folder, sizeof folder, "%s", path) >= sizeof folder)
    return "it has to be an absolute path";
  /* The JVM takes what is before a colon for another archive, on which this one is built. */
  if (strchr(path, ':') != NULL)
    return "its path must not have a colon in it";
  char *name = strrchr(folder, '/');
  name[name == folder ? 1 : 0] = '\0';
  struct stat status;
  /* A JVM that cannot write the archive when it ends takes the process with it. */
  if (access(folder, W_OK | X_OK) != 0 || stat(folder, &status) != 0)
    return strerror(errno);
  if (!is_ours(&status))
    return "its folder can be changed by others than root";
  if (stat(path, &status) != 0)
    return errno == ENOENT ? NULL : strerror(errno);
  if (!S_ISREG(status.st_mode))
    return "it is no file";
  if (!is_ours(&status))
    return "it can be changed by others than root";
  return is_archive(path) ? NULL : "it is no archive of a JVM; remove it, and it is made";
}

const char *dvdi_check_class_archive(const char *parameter, const struct dvdi_host *host) {
  if (parameter == NULL)
    return NULL;
  const char *reason = reason_against(parameter);
  if (reason == NULL)
    return parameter;
  dvdi_log(host, DVDI_WARNING,
           "The module parameter class_archive is '%s', which is not used: %s. The JVM starts without it, and takes "
           "longer; name a file in a folder that only root may write.",
           parameter, reason);
  return NULL;
}
