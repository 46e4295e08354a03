/* SPDX-License-Identifier: Apache-2.0 */
/* The agent's command line, modules.json and TaskInfo, good and bad. */
#include "../../main/c/agent/modules_json.h"
#include "../../main/c/agent/options.h"
#include "../../main/c/agent/task_json.h"
#include "check.h"

static char reason[8192];
static struct dvdi_error error = {reason, sizeof reason};

#define ISOLATOR "com_emccode_mesos_DockerVolumeDriverIsolator"

static bool options_of(const char *line, struct options *options) {
  static char copy[1024];
  static char *arguments[32];
  int count = 0;
  snprintf(copy, sizeof copy, "%s", line);
  for (char *word = strtok(copy, " "); word != NULL; word = strtok(NULL, " "))
    arguments[count++] = word;
  reason[0] = '\0';
  return read_options(count, arguments, options, &error);
}

static void the_command_line_is_read(void) {
  struct options options;
  CHECK(options_of("--modules=m --work_dir w a.json --for=90s --quiet - b.json", &options));
  CHECK(strcmp(options.modules, "m") == 0 && strcmp(options.work_dir, "w") == 0);
  CHECK(options.quiet && !options.help && options.for_milliseconds == 90000);
  CHECK(options.tasks_count == 3 && strcmp(options.tasks[1], "-") == 0 && strcmp(options.tasks[2], "b.json") == 0);
  CHECK(options_of("--modules=m --work_dir=w", &options) && options.tasks_count == 0);
  CHECK(options_of("--modules=m --work_dir=w -- --for=x", &options) && options.tasks_count == 1);
  CHECK(options_of("--help", &options) && options.help);
  CHECK(options_of("-h", &options) && options.help);
  CHECK(options_of("help", &options) && options.help);
  CHECK(options_of("--version", &options) && options.version);
  CHECK(!options_of("--work_dir=w", &options));
  CHECK_SAYS(reason, "--modules");
  CHECK(!options_of("--modules=m", &options));
  CHECK_SAYS(reason, "--work_dir");
  CHECK(!options_of("--modules", &options));
  CHECK(!options_of("--modules=m --work_dir=w --fo=1s", &options));
  CHECK_SAYS(reason, "--fo=1s");
  CHECK(!options_of("--modulesx=m", &options));
  CHECK(!options_of("-m x", &options));
  CHECK_SAYS(reason, "-m");
  CHECK(!options_of("--modules=m --work_dir=w --for=20", &options));
  CHECK_SAYS(reason, "--for is \"20\"");
}

static void durations_have_a_unit(void) {
  uint64_t time;
  CHECK(read_duration("500ms", &time) && time == 500);
  CHECK(read_duration("20s", &time) && time == 20000);
  CHECK(read_duration("5m", &time) && time == 300000);
  CHECK(read_duration("2h", &time) && time == 7200000);
  static const char *const bad[] = {"",   "s",  "20", "-1s", "0s", " 1s", "1.5s", "1 s", "99999999999999999999s",
                                    "1d", "1sx"};
  for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++)
    CHECK(!read_duration(bad[i], &time));
}

static bool modules_of(const char *text, struct modules *modules) {
  write_file("modules.json", text);
  reason[0] = '\0';
  return read_modules("modules.json", modules, &error);
}

static void bad_modules(const char *text, const char *part) {
  struct modules modules;
  CHECK(!modules_of(text, &modules));
  CHECK_SAYS(reason, "modules.json");
  CHECK_SAYS(reason, part);
}

static void modules_are_read(void) {
  struct modules modules;
  write_file("lib/liba.so", "");
  CHECK(modules_of(
      "{\"libraries\":[{\"file\":\"lib/other.so\",\"modules\":[{\"name\":\"org_other\"}]},{\"file\":\"lib/liba.so\","
      "\"modules\":[{\"name\":\"" ISOLATOR
      "\",\"parameters\":[{\"key\":\"k\",\"value\":\"v\"},"
      "{\"key\":\"k\",\"value\":\"\"}]}]}]}",
      &modules));
  CHECK(modules.library[0] == '/');
  CHECK_SAYS(modules.library, "/lib/liba.so");
  CHECK(modules.parameters_count == 2);
  CHECK(strcmp(modules.parameters[0].name.data, "k") == 0 && modules.parameters[1].value.size == 0);
  free_modules(&modules);
  CHECK(modules_of(
      "{\"libraries\":[{\"name\":\"a\",\"modules\":[{\"name\":\"com_emc_mesos_DockerVolumeDriverIsolator\"}]}]}",
      &modules));
  CHECK(strcmp(modules.library, "liba.so") == 0 && modules.parameters_count == 0);
  free_modules(&modules);
}

static void modules_that_are_wrong_are_refused(void) {
  bad_modules("{\"libraries\": [\n  {,}]}", "line 2, column 4");
  bad_modules("", "line 1");
  bad_modules("[]", "an array; it has to be an object");
  bad_modules("{}", "\"libraries\" is missing");
  bad_modules("{\"libraries\":{}}", "\"libraries\" is an object; it has to be an array");
  bad_modules("{\"libraries\":[3]}", "libraries[0] is an integer");
  bad_modules("{\"libraries\":[{\"modules\":[{}]}]}", "libraries[0].modules[0]: the key \"name\" is missing");
  bad_modules("{\"libraries\":[{\"modules\":[{\"name\":7}]}]}", "\"name\" is an integer");
  bad_modules("{\"libraries\":[]}", ISOLATOR);
  bad_modules("{\"libraries\":[{\"name\":\"a\",\"modules\":[{\"name\":\"" ISOLATOR "\"},{\"name\":\"" ISOLATOR
              "\"}]}]}",
              "libraries[0].modules[0] and modules.json: libraries[0].modules[1]");
  bad_modules("{\"libraries\":[{\"modules\":[{\"name\":\"" ISOLATOR "\"}]}]}", "\"file\"");
  bad_modules("{\"libraries\":[{\"name\":\"../a\",\"modules\":[{\"name\":\"" ISOLATOR "\"}]}]}", "\"file\"");
  bad_modules("{\"libraries\":[{\"file\":\"nothing.so\",\"modules\":[{\"name\":\"" ISOLATOR "\"}]}]}",
              "nothing.so\": No such file");
  bad_modules("{\"libraries\":[{\"name\":\"a\",\"modules\":[{\"name\":\"" ISOLATOR
              "\",\"parameters\":[{\"key\":\"k\"}]}]}]}",
              "parameters[0]: the key \"value\" is missing");
  bad_modules("{\"libraries\":[{\"name\":\"a\",\"modules\":[{\"name\":\"" ISOLATOR
              "\",\"parameters\":[{\"key\":\"k\",\"value\":true}]}]}]}",
              "\"value\" is true or false");
  bad_modules("{\"libraries\":[],\"libraries\":[]}", "duplicate");
  bad_modules("{\"a\":\"x\\u0000y\"}", "\\u0000");
  struct modules modules;
  CHECK(!read_modules("missing.json", &modules, &error));
  CHECK_SAYS(reason, "missing.json: No such file");
  CHECK(!read_modules(".", &modules, &error));
  CHECK_SAYS(reason, "directory");
}

static bool tasks_of(const char *text, struct tasks *tasks) {
  char *path = (char[]){"task.json"};
  write_file(path, text);
  reason[0] = '\0';
  return read_tasks(&path, 1, tasks, &error);
}

static void bad_task(const char *text, const char *part) {
  struct tasks tasks;
  if (tasks_of(text, &tasks))
    fprintf(stderr, "was read: %s\n", text);
  CHECK(reason[0] != '\0');
  CHECK_SAYS(reason, "task.json");
  CHECK_SAYS(reason, part);
}

#define BEGIN "{\"task_id\":{\"value\":\"t\"},\"command\":{\"value\":\"x\"}"

static void tasks_are_read(void) {
  struct tasks tasks;
  CHECK(tasks_of(
      "[{\"name\":\"n\",\"unknown\":[1],\"task_id\":{\"value\":\"one\"},\"command\":{\"value\":\"ls\",\"shell\":false,"
      "\"arguments\":[\"ls\",\"-l\"],\"environment\":{\"variables\":[{\"name\":\"A\",\"value\":\"b=c\"}]}},"
      "\"container\":{\"type\":\"MESOS\",\"volumes\":[{\"container_path\":\"data\",\"mode\":\"RO\",\"source\":{"
      "\"type\":\"DOCKER_VOLUME\",\"docker_volume\":{\"driver\":\"d\",\"name\":\"v\",\"driver_options\":{"
      "\"parameter\":[{\"key\":\"size\",\"value\":\"1\"}]}}}}]}},"
      "{\"task_id\":{\"value\":\"two\"},\"command\":{\"value\":\"echo\"},\"container\":null}]",
      &tasks));
  CHECK(tasks.count == 2);
  const struct task *one = &tasks.items[0];
  CHECK(strcmp(one->id, "one") == 0 && one->arguments_count == 2 && strcmp(one->arguments[1], "-l") == 0);
  CHECK(one->environment_count == 1 && strcmp(one->environment[0].value.data, "b=c") == 0);
  CHECK(one->volumes_count == 1 && one->volumes[0].read_only == 1 && one->volumes[0].options_count == 1);
  CHECK(strcmp(one->volumes[0].options[0].name.data, "size") == 0 && one->volumes[0].driver.size == 1);
  CHECK(strcmp(one->volumes[0].container_path.data, "data") == 0);
  CHECK(tasks.items[1].arguments == NULL && tasks.items[1].volumes_count == 0);
  free_tasks(&tasks);
  CHECK(tasks_of(BEGIN ",\"container\":{\"type\":\"MESOS\",\"volumes\":[{\"container_path\":\"data\",\"source\":{"
                       "\"type\":\"DOCKER_VOLUME\",\"docker_volume\":{\"name\":\"v\"}}}]}}",
                 &tasks));
  CHECK(tasks.items[0].volumes[0].driver.size == 0 && tasks.items[0].volumes[0].read_only == 0);
  free_tasks(&tasks);
  /* Beside those that are refused. */
  CHECK(tasks_of("{\"task_id\":{\"value\":\"\xc2\xa1\xc3\x9f\xef\xbf\xbc\"},\"command\":{\"value\":\"x\"}}", &tasks));
  free_tasks(&tasks);
  CHECK(tasks_of("[]", &tasks) && tasks.count == 0);
  free_tasks(&tasks);
}

static void tasks_that_are_wrong_are_refused(void) {
  bad_task("{", "line 1");
  bad_task("3", "an integer");
  bad_task("[3]", "task [0] is an integer");
  bad_task("{\"command\":{\"value\":\"x\"}}", "\"task_id\" is missing");
  bad_task("{\"task_id\":\"t\"}", "\"task_id\" is a string");
  bad_task("{\"task_id\":{\"value\":\"../up\"}}", "../up");
  bad_task("{\"task_id\":{\"value\":\".hidden\"}}", ".hidden");
  bad_task("{\"task_id\":{\"value\":\"\"}}", "task_id.value");
  bad_task("{\"task_id\":{\"value\":\"a b\"}}", "a b");
  static const char *const broken[] = {"\\u0001", "\\t", "\x7f", "\\u0080", "\xc2\x9f", "\\ufffd"};
  for (size_t i = 0; i < sizeof broken / sizeof broken[0]; i++) {
    char text[256];
    snprintf(text, sizeof text, "{\"task_id\":{\"value\":\"ab%s\"}}", broken[i]);
    bad_task(text, "task.json.task_id: the key \"value\" has a control character or U+FFFD");
    bad_task(text, "at byte 2; remove it");
    snprintf(text, sizeof text,
             BEGIN
             ",\"container\":{\"type\":\"MESOS\",\"volumes\":[{\"container_path\":\"a\",\"source\":{\"type\":\"DOCKER_"
             "VOLUME\",\"docker_volume\":{\"name\":\"v%s\"}}}]}}",
             broken[i]);
    bad_task(text, "docker_volume: the key \"name\" has a control character");
  }
  bad_task("{\"task_id\":{\"value\":\"t\"}}", "\"command\" is missing");
  bad_task("{\"task_id\":{\"value\":\"t\"},\"executor\":{}}", "executor");
  bad_task("{\"task_id\":{\"value\":\"t\"},\"command\":{}}", "task.json.command: the key \"value\" is missing");
  bad_task("{\"task_id\":{\"value\":\"t\"},\"command\":{\"value\":\"\"}}", "empty");
  bad_task("{\"task_id\":{\"value\":\"t\"},\"command\":{\"value\":\"x\",\"shell\":\"no\"}}", "\"shell\" is a string");
  bad_task("{\"task_id\":{\"value\":\"t\"},\"command\":{\"value\":\"x\",\"user\":\"no-such-user\"}}",
           "\"no-such-user\", and this host has no such user");
  bad_task("{\"task_id\":{\"value\":\"t\"},\"command\":{\"value\":\"x\",\"shell\":false,\"arguments\":[1]}}",
           "arguments[0]");
  bad_task(
      "{\"task_id\":{\"value\":\"t\"},\"command\":{\"value\":\"x\",\"environment\":{\"variables\":[{\"name\":\"A=B\","
      "\"value\":\"\"}]}}}",
      "A=B");
  bad_task(
      "{\"task_id\":{\"value\":\"t\"},\"command\":{\"value\":\"x\",\"environment\":{\"variables\":[{\"name\":\"A\"}]}}"
      "}",
      "variables[0]: the key \"value\" is missing");
  bad_task("{\"task_id\":{\"value\":\"t\"},\"command\":{\"value\":\"x\\u0000y\"}}", "\\u0000");
  bad_task(BEGIN ",\"container\":{}}", "container: the key \"type\" is missing");
  bad_task(BEGIN ",\"container\":{\"type\":\"DOCKER\"}}", "it has to be MESOS");
  bad_task(BEGIN ",\"container\":{\"type\":\"MESOS\",\"mesos\":{\"image\":{}}}}", "image");
  bad_task(BEGIN ",\"container\":{\"type\":\"MESOS\",\"volumes\":[1]}}", "volumes[0] is an integer");
  bad_task(BEGIN ",\"container\":{\"type\":\"MESOS\",\"volumes\":[{\"container_path\":\"a\",\"host_path\":\"/b\"}]}}",
           "host_path");
  bad_task(BEGIN
           ",\"container\":{\"type\":\"MESOS\",\"volumes\":[{\"container_path\":\"a\",\"source\":{\"type\":\"SANDBOX_"
           "PATH\"}}]}}",
           "SANDBOX_PATH");
  bad_task(BEGIN
           ",\"container\":{\"type\":\"MESOS\",\"volumes\":[{\"container_path\":\"a\",\"mode\":\"rw\",\"source\":{"
           "\"type\":\"DOCKER_VOLUME\"}}]}}",
           "RW or RO");
  bad_task(BEGIN
           ",\"container\":{\"type\":\"MESOS\",\"volumes\":[{\"container_path\":\"a\",\"source\":{\"type\":\"DOCKER_"
           "VOLUME\"}}]}}",
           "volumes[0].source: the key \"docker_volume\" is missing");
  bad_task(BEGIN
           ",\"container\":{\"type\":\"MESOS\",\"volumes\":[{\"container_path\":\"a\",\"source\":{\"type\":\"DOCKER_"
           "VOLUME\","
           "\"docker_volume\":{\"name\":\"v\",\"driver_options\":{\"parameter\":[{\"key\":\"a\"}]}}}}]}}",
           "docker_volume.driver_options.parameter[0]: the key \"value\" is missing");
  bad_task("[" BEGIN "}," BEGIN "}]", "another task has the task_id \"t\"");
}

static void a_long_task_id_is_refused(void) {
  char text[512];
  char id[256];
  memset(id, 'a', 201);
  id[201] = '\0';
  snprintf(text, sizeof text, "{\"task_id\":{\"value\":\"%s\"}}", id);
  bad_task(text, "1 to 200 characters");
}

int main(void) {
  enter_new_folder("agent_input");
  the_command_line_is_read();
  durations_have_a_unit();
  modules_are_read();
  modules_that_are_wrong_are_refused();
  tasks_are_read();
  tasks_that_are_wrong_are_refused();
  a_long_task_id_is_refused();
  return 0;
}
