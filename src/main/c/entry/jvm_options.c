/* SPDX-License-Identifier: Apache-2.0 */
#include "jvm_options.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "class_archive.h"
#include "jvm_words.h"

static const char *const agent_options[] = {
    /* The host's signals stay the host's: SIGTERM, SIGINT, SIGHUP, SIGQUIT. */
    "-Xrs",
    /*
     * A small heap and the collector that has no threads and the least memory of its own. All memory of the young
     * generation is used between two collections, however little of it lives.
     */
    "-Xmx64m", "-Xmn4m", "-XX:+UseSerialGC",
    /* The isolator waits for disks. The second compiler would use more time of the agent's than it ever saves. */
    "-XX:TieredStopAtLevel=1",
    /*
     * What runs once for each container is compiled after some containers and not after some hundred. Interpreted, the
     * calls of a plugin take three times as long. With less than this, the start takes longer.
     */
    "-XX:CompileThresholdScaling=0.1",
    /*
     * No files in /tmp, and no socket there: with -Xrs HotSpot opens one at its start, by which any process of the same
     * user can load a library into the agent.
     */
    "-XX:-UsePerfData", "-XX:+DisableAttachMechanism",
    /*
     * A crash report goes to standard error, which is where the log of an agent goes. As a file it would land in the
     * agent's working folder, or under a name that can be guessed in /tmp, and be found by nobody.
     */
    "-XX:+ErrorFileToStderr",
    /* The limit of open files stays; everything that the host starts inherits it. */
    "-XX:-MaxFDLimit",
    /*
     * Programs are started with fork(2). By default, the JDK starts its jspawnhelper, which refuses a JVM of another
     * version: after an update of the JDK, a running agent could start nothing any more.
     */
    "-Djdk.lang.Process.launchMechanism=FORK",
    /*
     * By default, the thread that waits for the end of a program has a stack of 128 KiB. glibc takes the thread-local
     * variables of all libraries from it, and those of glog, which is part of Mesos, are 30 KiB. The stack overflowed,
     * and the JDK never noticed the end of the program.
     */
    "-Djdk.lang.processReaperUseDefaultStackSize=true",
    /* The isolator, and nobody else in this JVM, may call into C. */
    "--add-modules=io.dvdi", "--enable-native-access=io.dvdi"};

static bool add(struct dvdi_jvm_options *list, char *text) {
  if (text == NULL)
    return false;
  list->options[list->count++] = (JavaVMOption){.optionString = text, .extraInfo = NULL};
  return true;
}

static bool add_hook(struct dvdi_jvm_options *list, char *name, void (*hook)(void)) {
  /* C has no conversion from a function's pointer to void *; POSIX promises that the bits are good (dlsym). */
  void *address;
  memcpy(&address, &hook, sizeof address);
  if (!add(list, name))
    return false;
  list->options[list->count - 1].extraInfo = address;
  return true;
}

static bool add_with(struct dvdi_jvm_options *list, const char *option, const char *value) {
  size_t size = strlen(option) + strlen(value) + 1;
  char *text = malloc(size);
  if (text != NULL)
    snprintf(text, size, "%s%s", option, value);
  return add(list, text);
}

static bool add_split(struct dvdi_jvm_options *list, const char *options) {
  for (const char *at = options + strspn(options, " "); *at != '\0'; at += strspn(at, " ")) {
    size_t length = strcspn(at, " ");
    if (!add(list, strndup(at, length)))
      return false;
    at += length;
  }
  return true;
}

/* It is mapped where it was made for: at a random address, Java would change each page, which takes time and memory. */
static bool add_archive(struct dvdi_jvm_options *list, const struct dvdi_start *start) {
  char archive[DVDI_ARCHIVE_PATH];
  if (!dvdi_find_class_archive(start, archive))
    return true;
  return add_with(list, "-XX:SharedArchiveFile=", archive) && add(list, strdup("-XX:+UnlockDiagnosticVMOptions")) &&
         add(list, strdup("-XX:ArchiveRelocationMode=0"));
}

bool dvdi_list_jvm_options(const struct dvdi_jvm_hooks *hooks, const struct dvdi_start *start,
                           struct dvdi_jvm_options *list) {
  const char *operator_options = start->operator_options != NULL ? start->operator_options : "";
  const size_t fixed = 7 + sizeof agent_options / sizeof agent_options[0];
  /* Every second character at most starts an option. */
  *list = (struct dvdi_jvm_options){calloc(fixed + strlen(operator_options) / 2 + 1, sizeof(JavaVMOption)), 0};
  if (list->options == NULL)
    return false;
  bool listed = add_hook(list, strdup("vfprintf"), (void (*)(void))dvdi_jvm_prints) &&
                add_hook(list, strdup("exit"), (void (*)(void))hooks->exit) &&
                add_hook(list, strdup("abort"), (void (*)(void))hooks->abort);
  for (size_t i = 0; listed && i < sizeof agent_options / sizeof agent_options[0]; i++) {
    listed = add(list, strdup(agent_options[i]));
  }
  listed = listed && add_with(list, "--module-path=", start->java_modules) && add_archive(list, start) &&
           add_split(list, operator_options);
  if (!listed)
    dvdi_free_jvm_options(list);
  return listed;
}

void dvdi_free_jvm_options(struct dvdi_jvm_options *list) {
  for (jint i = 0; i < list->count; i++)
    free(list->options[i].optionString);
  free(list->options);
  *list = (struct dvdi_jvm_options){NULL, 0};
}
