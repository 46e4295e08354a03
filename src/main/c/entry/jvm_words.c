/* SPDX-License-Identifier: Apache-2.0 */
#include "jvm_words.h"

#include <pthread.h>
#include <string.h>

#include "error.h"

static struct {
  pthread_mutex_t mutex;
  const struct dvdi_host *host;
  char line[512]; /* the JVM prints a line in several pieces */
  size_t line_size;
  char last[DVDI_LAST_WORDS];
  size_t last_size;
} heard = {.mutex = PTHREAD_MUTEX_INITIALIZER};

void dvdi_hear_jvm(const struct dvdi_host *host) {
  pthread_mutex_lock(&heard.mutex);
  heard.host = host;
  heard.line_size = 0;
  heard.last_size = 0;
  pthread_mutex_unlock(&heard.mutex);
}

static void keep_line(void) {
  size_t wanted = heard.line_size + 1;
  if (heard.last_size + wanted >= sizeof heard.last) {
    /* The newest lines say why the JVM gave up. */
    heard.last_size = 0;
  }
  if (heard.last_size > 0)
    heard.last[heard.last_size++] = ' ';
  memcpy(heard.last + heard.last_size, heard.line, heard.line_size);
  heard.last_size += heard.line_size;
}

static void end_line(void) {
  if (heard.line_size == 0)
    return;
  keep_line();
  dvdi_log(heard.host, DVDI_WARNING, "JVM: %.*s", (int)heard.line_size, heard.line);
  heard.line_size = 0;
}

jint JNICALL dvdi_jvm_prints(FILE *file, const char *format, va_list arguments) {
  /* A JVM that crashes reports it from a signal handler, and it may have crashed in here: never wait for the lock. */
  if (pthread_mutex_trylock(&heard.mutex) != 0)
    return vfprintf(file, format, arguments);
  char piece[1024];
  int printed = vsnprintf(piece, sizeof piece, format, arguments);
  for (const char *at = piece; printed > 0 && *at != '\0'; at++) {
    if (*at == '\n' || heard.line_size == sizeof heard.line)
      end_line();
    if (*at != '\n')
      heard.line[heard.line_size++] = *at;
  }
  pthread_mutex_unlock(&heard.mutex);
  return printed;
}

void dvdi_last_words(char words[DVDI_LAST_WORDS]) {
  pthread_mutex_lock(&heard.mutex);
  end_line();
  memcpy(words, heard.last, heard.last_size);
  words[heard.last_size] = '\0';
  pthread_mutex_unlock(&heard.mutex);
}
