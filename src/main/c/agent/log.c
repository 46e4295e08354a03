/* SPDX-License-Identifier: Apache-2.0 */
#include "log.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/uio.h>
#include <unistd.h>

#include "../dvdi.h"

static const char *prefix_of(int32_t level) {
  if (level == DVDI_INFO)
    return "dvdi: ";
  return level == DVDI_WARNING ? "dvdi: warning: " : "dvdi: error: ";
}

void log_text(int32_t level, const char *text, size_t size) {
  const char *prefix = prefix_of(level);
  if (size == 0)
    text = "";
  const char *end = text + size;
  do {
    const char *line_end = memchr(text, '\n', (size_t)(end - text));
    if (line_end == NULL)
      line_end = end;
    /* One system call a line, so that lines of several threads and of the tasks do not mix (writev(2)). */
    struct iovec parts[] = {{(char *)(uintptr_t)prefix, strlen(prefix)},
                            {(char *)(uintptr_t)text, (size_t)(line_end - text)},
                            {(char[]){'\n'}, 1}};
    /* There is nowhere left to say that standard error cannot be written. */
    if (writev(STDERR_FILENO, parts, 3) < 0)
      return;
    text = line_end + 1;
  } while (text < end);
}

void log_line(int32_t level, const char *format, ...) {
  char *text = NULL;
  va_list arguments;
  va_start(arguments, format);
  int size = vasprintf(&text, format, arguments);
  va_end(arguments);
  if (size < 0)
    return;
  log_text(level, text, (size_t)size);
  free(text);
}
