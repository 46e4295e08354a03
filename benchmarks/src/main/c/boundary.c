/* SPDX-License-Identifier: Apache-2.0 */
#include "boundary.h"

#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#define LONGEST_TEXT 65536

int32_t boundary_nothing(int32_t number) {
  return number + 1;
}

int32_t boundary_getpid(int32_t number) {
  return (int32_t)syscall(SYS_getpid) + number;
}

int32_t boundary_statx(int32_t number) {
  struct statx facts;
  return statx(AT_FDCWD, "/", AT_STATX_DONT_SYNC, STATX_BASIC_STATS, &facts) + number;
}

int32_t boundary_repeat(boundary_function *function, int32_t count) {
  int32_t number = 0;
  for (int32_t i = 0; i < count; i++) {
    number = function(number & 1); /* small, or the sums of PIDs would overflow */
  }
  return number;
}

int32_t boundary_length(const char *text) {
  return (int32_t)strlen(text);
}

int32_t boundary_copy(const char *text, int64_t size) {
  char *copy = malloc((size_t)size);
  if (copy == NULL) {
    return -1;
  }
  memcpy(copy, text, (size_t)size);
  __asm__ volatile("" : : "r"(copy) : "memory"); /* the copy counts as used */
  free(copy);
  return (int32_t)size;
}

const char *boundary_text(int64_t size) {
  static char text[LONGEST_TEXT + 1];
  if (size < 0 || size > LONGEST_TEXT) {
    size = LONGEST_TEXT;
  }
  memset(text, 'v', (size_t)size);
  text[size] = '\0';
  return text;
}

int32_t boundary_send(boundary_receiver *receiver, int64_t size, int32_t count) {
  const char *text = boundary_text(size);
  int32_t sum = 0;
  for (int32_t i = 0; i < count; i++) {
    sum += receiver(text, size);
  }
  return sum;
}
