/* SPDX-License-Identifier: Apache-2.0 */
/* What the agent is told on its standard input. */
#include "../../main/c/agent/input.h"

#include "check.h"

static char reason[8192];
static struct dvdi_error error = {reason, sizeof reason};

static bool input_of(const char *text, struct input *input) {
  write_file("input", text);
  FILE *file = fopen("input", "re");
  CHECK(file != NULL);
  reason[0] = '\0';
  bool good = input_read(file, input, &error);
  fclose(file);
  return good;
}

static void everything_is_read(void) {
  struct input input;
  CHECK(
      input_of("library=lib.so\n"
               "parameter=k\nvalue=v=1\nparameter=k\nvalue=\n"
               "work_dir=/a b\nend_after=90000\n"
               "task=one\nuser=nobody\nprogram=ls\nargument=ls\nargument=a\\nb\\\\n\nargument=\n"
               "variable=A\nvalue=b=c\n"
               "volume=v\ndriver=d\npath=data\nread_only=1\noption=size\nvalue=1\noption=o=o\nvalue=x\n"
               "volume=w\npath=/w\nread_only=0\n"
               "variable=B\nvalue=\n"
               "task=two\nprogram=/bin/sh\nargument=sh\n",
               &input));
  CHECK(strcmp(input.library, "lib.so") == 0 && strcmp(input.work_dir, "/a b") == 0 && input.end_after == 90000);
  CHECK(input.parameters.count == 2 && strcmp(input.parameters.items[0].value.data, "v=1") == 0);
  CHECK(strcmp(input.parameters.items[1].name.data, "k") == 0 && input.parameters.items[1].value.size == 0);
  CHECK(input.tasks_count == 2);
  const struct task *one = &input.tasks[0];
  CHECK(strcmp(one->id, "one") == 0 && strcmp(one->user, "nobody") == 0 && one->uid > 0 && one->home[0] == '/');
  CHECK(strcmp(one->program, "ls") == 0 && one->arguments_count == 3 && one->arguments[3] == NULL);
  CHECK(strcmp(one->arguments[1], "a\nb\\n") == 0 && one->arguments[2][0] == '\0');
  CHECK(one->environment.count == 2 && strcmp(one->environment.items[0].value.data, "b=c") == 0);
  CHECK(one->volumes_count == 2 && one->volumes[0].read_only == 1 && one->volumes[0].options_count == 2);
  CHECK(strcmp(one->volumes[0].options[1].name.data, "o=o") == 0 && one->volumes[0].driver.size == 1);
  CHECK(strcmp(one->volumes[0].options[0].value.data, "1") == 0);
  CHECK(strcmp(one->volumes[0].container_path.data, "data") == 0);
  CHECK(one->volumes[1].options_count == 0 && one->volumes[1].driver.size == 0 && one->volumes[1].read_only == 0);
  CHECK(input.tasks[1].user == NULL && input.tasks[1].volumes_count == 0);
  CHECK(input_of("library=l\nwork_dir=w", &input) && input.tasks_count == 0 && input.end_after == 0);
}

static void bad_input(const char *text, const char *part) {
  struct input input;
  if (input_of(text, &input))
    fprintf(stderr, "was read: %s\n", text);
  CHECK_SAYS(reason, part);
}

static void what_is_out_of_place_is_refused(void) {
  bad_input("", "not complete");
  bad_input("library=l\n", "not complete");
  bad_input("library=l\nwork_dir=w\ntask=t\n", "not complete");
  bad_input("nonsense=1\n", "\"nonsense\"");
  bad_input("{\"task_id\": 3}\n", "{\"task_id\": 3}");
  bad_input("value=1\n", "\"value\"");
  bad_input("program=ls\n", "\"program\"");
  bad_input("task=t\noption=o\n", "\"option\"");
  bad_input("task=t\nvolume=v\ntask=u\npath=p\n", "\"path\"");
  bad_input("task=t\nuser=no-such-user\n", "\"no-such-user\", and this host has no such user");
}

int main(void) {
  enter_new_folder("agent_input");
  everything_is_read();
  what_is_out_of_place_is_refused();
  return 0;
}
