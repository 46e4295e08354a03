/* SPDX-License-Identifier: Apache-2.0 */
#include "descriptors.h"

#include <dirent.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdlib.h>

/* proc(5) */
static const char open_files[] = "/proc/self/fd";

/* The next descriptor that is open, but for that by which they are read; -1 after the last. */
static int next_of(DIR *all) {
  for (struct dirent *entry = readdir(all); entry != NULL; entry = readdir(all)) {
    int number = entry->d_name[0] == '.' ? dirfd(all) : (int)strtol(entry->d_name, NULL, 10);
    if (number != dirfd(all))
      return number;
  }
  return -1;
}

static bool add(struct dvdi_descriptors *kept, int number) {
  int *more = realloc(kept->numbers, (kept->count + 1) * sizeof *more);
  if (more == NULL)
    return false;
  kept->numbers = more;
  kept->numbers[kept->count++] = number;
  return true;
}

static bool has(const struct dvdi_descriptors *kept, int number) {
  for (size_t i = 0; i < kept->count; i++) {
    if (kept->numbers[i] == number)
      return true;
  }
  return false;
}

static void forget(struct dvdi_descriptors *kept) {
  free(kept->numbers);
  *kept = (struct dvdi_descriptors){NULL, 0};
}

void dvdi_keep_descriptors(struct dvdi_descriptors *kept) {
  *kept = (struct dvdi_descriptors){NULL, 0};
  DIR *all = opendir(open_files);
  if (all == NULL)
    return;
  for (int number = next_of(all); number >= 0; number = next_of(all)) {
    if (!add(kept, number)) {
      forget(kept);
      break;
    }
  }
  closedir(all);
}

void dvdi_close_others_on_exec(struct dvdi_descriptors *kept) {
  DIR *all = kept->count > 0 ? opendir(open_files) : NULL;
  for (int number = all != NULL ? next_of(all) : -1; number >= 0; number = next_of(all)) {
    int flags = has(kept, number) ? FD_CLOEXEC : fcntl(number, F_GETFD);
    if (flags >= 0 && (flags & FD_CLOEXEC) == 0)
      fcntl(number, F_SETFD, flags | FD_CLOEXEC);
  }
  if (all != NULL)
    closedir(all);
  forget(kept);
}
