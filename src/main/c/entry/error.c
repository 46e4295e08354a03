/* SPDX-License-Identifier: Apache-2.0 */
#include "error.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "dvdi_entry.h"

/* Shortens `text` until it does not end in the middle of a character: vsnprintf cuts at bytes. */
static void drop_half_character(char *text) {
  size_t length = strlen(text);
  size_t lead = length;
  while (lead > 0 && ((unsigned char)text[lead - 1] & 0xC0) == 0x80)
    lead--;
  if (lead == 0)
    return;
  unsigned char first = (unsigned char)text[lead - 1];
  size_t wanted = first >= 0xF0 ? 4 : first >= 0xE0 ? 3 : first >= 0xC0 ? 2 : 1;
  if (length - (lead - 1) < wanted)
    text[lead - 1] = '\0';
}

bool dvdi_fail(struct dvdi_error *error, const char *format, ...) {
  if (error->size == 0)
    return false;
  va_list arguments;
  va_start(arguments, format);
  int wanted = vsnprintf(error->text, error->size, format, arguments);
  va_end(arguments);
  if (wanted < 0)
    error->text[0] = '\0';
  if (wanted >= 0 && (size_t)wanted >= error->size)
    drop_half_character(error->text);
  return false;
}

void dvdi_log(const struct dvdi_host *host, int32_t level, const char *format, ...) {
  char line[2048];
  va_list arguments;
  va_start(arguments, format);
  int wanted = vsnprintf(line, sizeof line, format, arguments);
  va_end(arguments);
  if (wanted < 0)
    return;
  if ((size_t)wanted >= sizeof line)
    drop_half_character(line);
  for (char *at = line; *at != '\0'; at++) {
    if (*at == '\n' || *at == '\r')
      *at = ' ';
  }
  host->log(level, &(struct dvdi_string){line, strlen(line)});
}

const char *dvdi_refusal(int32_t code) {
  switch (code) {
    case DVDI_ACCEPTED:
      return "the call was accepted";
    case DVDI_OUT_OF_MEMORY:
      return "the Java heap is full; increase it with -Xmx in the module parameter jvm_options";
    case DVDI_FAULT:
      return "the Java side could not take the call, which is a bug; details are in the log";
    case DVDI_CLOSED:
      return "the isolator was closed and accepts no further calls";
    case DVDI_NO_THREAD:
      return "this process cannot start another thread; raise its limit of threads (TasksMax of its systemd unit, "
             "pids.max of its cgroup, ulimit -u)";
    case DVDI_NO_STACK:
      return "the stack of the calling thread is exhausted; raise the stack size of this process (LimitSTACK of its "
             "systemd unit, ulimit -s)";
    case DVDI_NOT_LOADED:
      return "a Java class could not be loaded, because the jars changed while this process ran or because memory was "
             "short; the log names the class. Restart this process";
    default:
      return "the Java side returned an unknown code; the jars and the shared library have different versions";
  }
}
