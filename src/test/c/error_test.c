/* SPDX-License-Identifier: Apache-2.0 */
#include "../../main/c/entry/error.h"

#include "../../main/c/entry/dvdi_entry.h"
#include "check.h"

static char logged[4096];

static void keep(int32_t level, const struct dvdi_string *text) {
  snprintf(logged, sizeof logged, "%d %.*s", (int)level, (int)text->size, text->data);
}

static void cut(size_t size, const char *text, const char *expected) {
  char room[64];
  memset(room, '#', sizeof room);
  struct dvdi_error error = {room, size};
  CHECK(!dvdi_fail(&error, "%s", text));
  if (strcmp(room, expected) != 0)
    fprintf(stderr, "%zu: \"%s\" and not \"%s\"\n", size, room, expected);
  CHECK(strcmp(room, expected) == 0);
  CHECK(room[size] == '#');
}

static void a_text_is_cut_between_characters(void) {
  cut(6, "abcde", "abcde");
  cut(5, "abcde", "abcd");
  cut(1, "abcde", "");
  cut(3, "a\xc3\xa4", "a");
  cut(4, "a\xc3\xa4", "a\xc3\xa4");
  cut(4, "a\xe2\x82\xac", "a");
  cut(5, "a\xf0\x9f\x98\x80", "a");
  cut(6, "a\xf0\x9f\x98\x80 and more", "a\xf0\x9f\x98\x80");
  cut(4, "\xc3\xa4\xc3\xa4\xc3\xa4", "\xc3\xa4");
}

static void an_error_without_room_is_no_harm(void) {
  struct dvdi_error none = {NULL, 0};
  CHECK(!dvdi_fail(&none, "text"));
}

static void a_log_line_has_no_line_break(void) {
  static const struct dvdi_host host = {.version = DVDI_VERSION, .log = keep};
  dvdi_log(&host, DVDI_WARNING, "one\ntwo\r%s", "three");
  CHECK(strcmp(logged, "1 one two three") == 0);
}

static void every_refusal_has_a_text(void) {
  CHECK_SAYS(dvdi_refusal(DVDI_OUT_OF_MEMORY), "jvm_options");
  CHECK_SAYS(dvdi_refusal(DVDI_FAULT), "log");
  CHECK_SAYS(dvdi_refusal(DVDI_CLOSED), "closed");
  CHECK_SAYS(dvdi_refusal(DVDI_NO_THREAD), "pids.max");
  CHECK_SAYS(dvdi_refusal(DVDI_NO_STACK), "ulimit -s");
  CHECK_SAYS(dvdi_refusal(DVDI_NOT_LOADED), "Restart this process");
  CHECK_SAYS(dvdi_refusal(77), "version");
}

int main(void) {
  a_text_is_cut_between_characters();
  an_error_without_room_is_no_harm();
  a_log_line_has_no_line_break();
  every_refusal_has_a_text();
  return 0;
}
