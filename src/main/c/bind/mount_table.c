/* SPDX-License-Identifier: Apache-2.0 */
#include "mount_table.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mount.h>

bool mount_table_open(struct mount_table *table) {
  *table = (struct mount_table){.file = fopen("/proc/self/mountinfo", "re")};
  return table->file != NULL;
}

/* Blanks, line ends and backslashes are written as a backslash and three octal digits. */
static void unescape(char *text) {
  char *to = text;
  for (const char *from = text; *from != '\0'; to++) {
    if (from[0] == '\\' && strspn(from + 1, "01234567") >= 3) {
      *to = (char)((from[1] - '0') * 64 + (from[2] - '0') * 8 + (from[3] - '0'));
      from += 4;
    } else {
      *to = *from++;
    }
  }
  *to = '\0';
}

static unsigned long flags_of(char *options) {
  static const struct {
    const char *name;
    unsigned long flag;
  } known[] = {{"ro", MS_RDONLY},       {"nosuid", MS_NOSUID},         {"nodev", MS_NODEV},      {"noexec", MS_NOEXEC},
               {"noatime", MS_NOATIME}, {"nodiratime", MS_NODIRATIME}, {"relatime", MS_RELATIME}};
  unsigned long flags = 0;
  char *state = NULL;
  for (char *name = strtok_r(options, ",", &state); name != NULL; name = strtok_r(NULL, ",", &state)) {
    for (size_t i = 0; i < sizeof known / sizeof known[0]; i++) {
      if (strcmp(name, known[i].name) == 0)
        flags |= known[i].flag;
    }
  }
  return flags;
}

bool mount_table_next(struct mount_table *table, struct mount_entry *entry) {
  if (getline(&table->line, &table->size, table->file) < 0)
    return false;
  char *texts[] = {table->line, table->line, table->line};
  *entry = (struct mount_entry){.id = -1};
  /* 36 35 98:0 /root /mount/point options [shared:7 master:3 ...] - type source options */
  char *state = NULL;
  char *field = strtok_r(table->line, " ", &state);
  for (int i = 0; field != NULL && strcmp(field, "-") != 0; i++, field = strtok_r(NULL, " ", &state)) {
    if (i == 0)
      entry->id = atoi(field);
    if (i >= 2 && i <= 4)
      texts[i - 2] = field;
    if (i == 5)
      entry->flags = flags_of(field);
    if (i > 5 && strncmp(field, "shared:", 7) == 0)
      entry->shared = true;
  }
  for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++)
    unescape(texts[i]);
  entry->device = texts[0];
  entry->root = texts[1];
  entry->point = texts[2];
  return true;
}

static int mount_id(int folder) {
  char path[64];
  snprintf(path, sizeof path, "/proc/self/fdinfo/%d", folder);
  FILE *file = fopen(path, "re");
  if (file == NULL)
    return -1;
  char line[128];
  int id = -1;
  while (id < 0 && fgets(line, sizeof line, file) != NULL) {
    if (strncmp(line, "mnt_id:", 7) == 0)
      id = atoi(line + 7);
  }
  fclose(file);
  if (id < 0)
    errno = ENOTSUP;
  return id;
}

bool mount_table_find(struct mount_table *table, int folder, struct mount_entry *entry) {
  int id = mount_id(folder);
  if (id < 0)
    return false;
  while (mount_table_next(table, entry)) {
    if (entry->id == id)
      return true;
  }
  errno = ENOENT;
  return false;
}

void mount_table_close(struct mount_table *table) {
  fclose(table->file);
  free(table->line);
}
