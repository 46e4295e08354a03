/* SPDX-License-Identifier: Apache-2.0 */
#include "../../main/c/entry/bounds.h"

#include "check.h"

static struct dvdi_entry entries[2000];
static struct dvdi_volume volumes[40];
static char reason[1024];

static struct dvdi_string text(const char *of) {
  return (struct dvdi_string){of, strlen(of)};
}

static bool is_within(const struct dvdi_container *container) {
  reason[0] = '\0';
  return dvdi_is_within_bounds(container, &(struct dvdi_error){reason, sizeof reason});
}

static void fill_entries(const char *name) {
  for (size_t i = 0; i < sizeof entries / sizeof entries[0]; i++)
    entries[i] = (struct dvdi_entry){text(name), text("")};
}

static void variables_are_counted_if_they_are_ours(void) {
  struct dvdi_container container = {.environment = entries, .environment_count = DVDI_MOST_VARIABLES};
  fill_entries("DVDI_VOLUME_NAME");
  CHECK(is_within(&container));
  container.environment_count++;
  CHECK(!is_within(&container));
  CHECK_SAYS(reason, "has 257 variables");
  CHECK_SAYS(reason, "at most 256");
  fill_entries("DVDI_VOLUME");
  CHECK(is_within(&container));
}

static void volumes_and_their_options_are_counted(void) {
  struct dvdi_container container = {.volumes = volumes, .volumes_count = DVDI_MOST_VOLUMES};
  fill_entries("size");
  CHECK(is_within(&container));
  volumes[0] = (struct dvdi_volume){.options = entries, .options_count = DVDI_MOST_OPTIONS};
  CHECK(is_within(&container));
  volumes[31] = (struct dvdi_volume){.options = entries, .options_count = 1};
  CHECK(!is_within(&container));
  CHECK_SAYS(reason, "have 1025 options; at most 1024");
  container.volumes_count++;
  CHECK(!is_within(&container));
  CHECK_SAYS(reason, "has 33 external volumes; at most 32");
  memset(volumes, 0, sizeof volumes);
}

static void bytes_are_counted_wherever_they_are(void) {
  const struct dvdi_string most = {NULL, DVDI_MOST_BYTES};
  const struct dvdi_string one = {NULL, 1};
  entries[0] = (struct dvdi_entry){text("DVDI_VOLUME_OPTS"), one};
  struct dvdi_volume *volume = &volumes[0];
  struct dvdi_container container = {
      .environment = entries, .environment_count = 1, .volumes = volumes, .volumes_count = 1};
  *volume = (struct dvdi_volume){.options = &entries[1], .options_count = 1};
  entries[1] = (struct dvdi_entry){{NULL, 0}, {NULL, 0}};
  struct dvdi_string *const fields[] = {
      &container.id,    &container.sandbox, &container.rootfs, &container.rootfs_sandbox,
      &container.user,  &volume->driver,    &volume->name,     &volume->container_path,
      &entries[1].name, &entries[1].value,  &entries[0].value};
  for (size_t i = 0; i < sizeof fields / sizeof fields[0]; i++) {
    const struct dvdi_string before = *fields[i];
    *fields[i] = one;
    CHECK(is_within(&container));
    *fields[i] = most;
    CHECK(!is_within(&container));
    CHECK_SAYS(reason, "at most 131072 are possible");
    *fields[i] = before;
  }
  /* The isolator does not look at it. */
  entries[0] = (struct dvdi_entry){text("PATH"), most};
  CHECK(is_within(&container));
}

int main(void) {
  variables_are_counted_if_they_are_ours();
  volumes_and_their_options_are_counted();
  bytes_are_counted_wherever_they_are();
  return 0;
}
