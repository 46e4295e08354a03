/* SPDX-License-Identifier: Apache-2.0 */
#include "checkpoint.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "log.h"

/* JSON, for people and for their scripts. It is read back in this form alone. */
#define FORM                                                                                  \
  "{\n  \"boot_id\": \"%s\",\n  \"launcher\": {\n    \"pid\": %d,\n    \"started\": %" PRIu64 \
  "\n  },\n  \"init\": {\n    \"pid\": %d,\n    \"started\": %" PRIu64 "\n  }\n}\n"

static bool write_synced(int file, const struct checkpoint *checkpoint) {
  return dprintf(file, FORM, process_boot_id(), (int)checkpoint->launcher.pid, checkpoint->launcher.started,
                 (int)checkpoint->init.pid, checkpoint->init.started) > 0 &&
         fsync(file) == 0;
}

static bool sync_folder(const char *path) {
  int folder = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (folder < 0)
    return false;
  bool synced = fsync(folder) == 0;
  close(folder);
  return synced;
}

/* Without it, every process on record would seem to be of another start of the machine, and to have ended. */
static bool know_boot_id(struct dvdi_error *error) {
  return process_boot_id()[0] != '\0' ||
         dvdi_fail(error, "Cannot read /proc/sys/kernel/random/boot_id: %s. The agent needs /proc.", strerror(errno));
}

bool checkpoint_write(const struct work_dir *dir, const struct checkpoint *checkpoint, struct dvdi_error *error) {
  if (!know_boot_id(error))
    return false;
  char path[PATH_MAX + CONTAINER_ID_SIZE];
  char new_path[PATH_MAX + 32];
  snprintf(path, sizeof path, "%s/%s", dir->containers, checkpoint->id);
  /* Beside the folder, so that a half-written file is never taken for a container. One agent, one thread: one name. */
  snprintf(new_path, sizeof new_path, "%s/container.new", dir->path);
  int file = open(new_path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOFOLLOW, 0600);
  bool written = file >= 0 && write_synced(file, checkpoint);
  int cause = errno;
  if (file >= 0)
    close(file);
  if (written) {
    written = rename(new_path, path) == 0 && sync_folder(dir->containers);
    cause = errno;
  }
  return written ||
         dvdi_fail(error, "Cannot write the record %s of the container: %s. Free some space in the work_dir.", path,
                   strerror(cause));
}

bool checkpoint_remove(const struct work_dir *dir, const char *id, struct dvdi_error *error) {
  char path[PATH_MAX + CONTAINER_ID_SIZE];
  snprintf(path, sizeof path, "%s/%s", dir->containers, id);
  /* Not synced: a record that comes back after a crash of the machine is cleaned up once more, and that is all. */
  if (unlink(path) == 0 || errno == ENOENT)
    return true;
  return dvdi_fail(error, "Cannot remove the record %s of a container that is gone: %s.", path, strerror(errno));
}

static bool read_one(const char *path, struct checkpoint *checkpoint, struct dvdi_error *error) {
  char text[1024];
  char boot_id[64];
  int launcher = 0;
  int init = 0;
  int end = 0;
  if (!know_boot_id(error))
    return false;
  FILE *file = fopen(path, "re");
  if (file == NULL)
    return dvdi_fail(error, "Cannot open %s: %s.", path, strerror(errno));
  text[fread(text, 1, sizeof text - 1, file)] = '\0';
  fclose(file);
  sscanf(text,
         " { \"boot_id\" : \"%63[^\"]\" , \"launcher\" : { \"pid\" : %d , \"started\" : %" SCNu64
         " } , \"init\" : { \"pid\" : %d , \"started\" : %" SCNu64 " } }%n",
         boot_id, &launcher, &checkpoint->launcher.started, &init, &checkpoint->init.started, &end);
  if (end == 0 || launcher < 0 || init < 0)
    return dvdi_fail(error, "%s is not a record of a container.", path);
  checkpoint->launcher.pid = launcher;
  checkpoint->init.pid = init;
  if (strcmp(boot_id, process_boot_id()) != 0)
    checkpoint->launcher = checkpoint->init = (struct process){0, 0};
  return true;
}

static void read_entry(const struct work_dir *dir, const char *name, struct checkpoint *checkpoint) {
  char path[PATH_MAX + CONTAINER_ID_SIZE];
  char reason[1024];
  snprintf(path, sizeof path, "%s/%s", dir->containers, name);
  *checkpoint = (struct checkpoint){.unreadable = false};
  snprintf(checkpoint->id, sizeof checkpoint->id, "%s", name);
  if (read_one(path, checkpoint, &(struct dvdi_error){reason, sizeof reason}))
    return;
  checkpoint->unreadable = true;
  log_line(DVDI_WARNING,
           "%s The container counts as running, and its volumes stay mounted. If none of its processes is left, remove "
           "the file and start the agent again.",
           reason);
}

bool checkpoint_read_all(const struct work_dir *dir, struct checkpoint **list, size_t *count,
                         struct dvdi_error *error) {
  *list = NULL;
  *count = 0;
  DIR *folder = opendir(dir->containers);
  if (folder == NULL)
    return dvdi_fail(error, "Cannot read the folder %s: %s.", dir->containers, strerror(errno));
  /* readdir(3) tells its failure from the end by errno only. A record that is missed would be a container that died. */
  const struct dirent *entry;
  while (errno = 0, (entry = readdir(folder)) != NULL) {
    if (entry->d_name[0] == '.')
      continue;
    struct checkpoint *longer = realloc(*list, (*count + 1) * sizeof **list);
    if (longer == NULL)
      break;
    *list = longer;
    read_entry(dir, entry->d_name, &longer[(*count)++]);
  }
  int cause = entry != NULL ? ENOMEM : errno;
  closedir(folder);
  if (cause == 0)
    return true;
  free(*list);
  return dvdi_fail(error, "Cannot read the records of containers in %s: %s.", dir->containers, strerror(cause));
}
