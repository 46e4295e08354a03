/* SPDX-License-Identifier: Apache-2.0 */
#include "../../main/c/entry/java_home.h"

#include "../../main/c/entry/java_modules.h"
#include "../../main/c/entry/java_version.h"
#include "../../main/c/entry/parameters.h"
#include "check.h"

static char logged[8192];
static int logged_level;
static char reason[8192];
static struct dvdi_error error = {reason, sizeof reason};
static struct dvdi_java java;

static void keep(int32_t level, const struct dvdi_string *text) {
  logged_level = level;
  snprintf(logged, sizeof logged, "%.*s", (int)text->size, text->data);
}

static const struct dvdi_host host = {.version = DVDI_VERSION, .log = keep};

/* The working folder, since homes have to be absolute. */
static char here[PATH_MAX / 2];

static const char *at(const char *path) {
  static char paths[4][PATH_MAX];
  static unsigned next;
  char *text = paths[next++ % 4];
  snprintf(text, PATH_MAX, "%s/%s", here, path);
  return text;
}

static void make_java(const char *home, const char *release, bool with_jvm) {
  char path[512];
  snprintf(path, sizeof path, "%s/release", home);
  write_file(path, release);
  snprintf(path, sizeof path, "%s/lib/server/libjvm.so", home);
  if (with_jvm)
    write_file(path, "");
}

/* Where a package has a Java of its own. */
static const char *own = "no-package/runtime";

static bool find(const char *parameter, const char *environment, const char *place) {
  const char *places[] = {place, NULL};
  logged[0] = reason[0] = '\0';
  return dvdi_find_java(&(struct dvdi_java_search){parameter, own, environment, places}, &host, &java, &error);
}

static void versions_of_all_shapes_are_understood(void) {
  CHECK(dvdi_java_feature("21.0.2") == 21);
  CHECK(dvdi_java_feature("25-ea") == 25);
  CHECK(dvdi_java_feature("25") == 25);
  CHECK(dvdi_java_feature("1.8.0_392") == 8);
  CHECK(dvdi_java_feature("9") == 9);
  CHECK(dvdi_java_feature("") == 0);
  CHECK(dvdi_java_feature("x21") == 0);
  CHECK(dvdi_java_compare("21.0.2", "21.0.10") < 0);
  CHECK(dvdi_java_compare("21.0.2", "1.8.0_392") > 0);
  CHECK(dvdi_java_compare("25-ea", "25") < 0);
  CHECK(dvdi_java_compare("25-ea", "24.0.2") > 0);
  CHECK(dvdi_java_compare("25.0.0", "25") == 0);
  CHECK(dvdi_java_compare("21.0.2+13", "21.0.2") == 0);
}

static void a_release_file_is_read_with_and_without_quotes(void) {
  char version[16];
  write_file("r1", "IMPLEMENTOR=\"x\"\nJAVA_VERSION=\"21.0.2\"\nJAVA_VERSION_DATE=\"2024\"\n");
  CHECK(dvdi_java_version("r1", version, sizeof version) && strcmp(version, "21.0.2") == 0);
  write_file("r2", "JAVA_VERSION=25-ea\r\n");
  CHECK(dvdi_java_version("r2", version, sizeof version) && strcmp(version, "25-ea") == 0);
  write_file("r3", "JAVA_VERSION='22'");
  CHECK(dvdi_java_version("r3", version, sizeof version) && strcmp(version, "22") == 0);
  write_file("r4", "JAVA_VERSION=\"\"\n");
  CHECK(!dvdi_java_version("r4", version, sizeof version));
  write_file("r5", "JAVA_VERSION=\"twentyone\"\n");
  CHECK(!dvdi_java_version("r5", version, sizeof version));
  write_file("r6", "JAVA_VERSION=\"21.0.2.4.5.6.7.8.9.10.11.12\"\n");
  CHECK(!dvdi_java_version("r6", version, sizeof version));
  CHECK(!dvdi_java_version("missing", version, sizeof version));
}

static void the_newest_of_the_usual_places_is_taken(void) {
  make_java("jvm/a-21", "JAVA_VERSION=\"21.0.10\"\n", true);
  make_java("jvm/b-17", "JAVA_VERSION=\"17.0.1\"\n", true);
  make_java("jvm/c-21", "JAVA_VERSION=\"21.0.9\"\n", true);
  make_java("jvm/d-25-without-jvm", "JAVA_VERSION=\"25\"\n", false);
  write_file("jvm/e-a-file", "");
  CHECK(find(NULL, NULL, at("jvm/*")));
  CHECK(strcmp(java.home, at("jvm/a-21")) == 0);
  CHECK(strcmp(java.libjvm, at("jvm/a-21/lib/server/libjvm.so")) == 0);
  CHECK(strcmp(java.version, "21.0.10") == 0);
}

static void a_java_for_another_processor_is_passed_over(void) {
  make_java("arch/a-21", "JAVA_VERSION=\"21\"\n", true);
  make_java("arch/b-25", "JAVA_VERSION=\"25\"\nOS_ARCH=\"riscv64\"\n", true);
  CHECK(find(NULL, NULL, at("arch/*")));
  CHECK(strcmp(java.home, at("arch/a-21")) == 0);
  CHECK(!find(at("arch/b-25"), NULL, at("arch/*")));
  CHECK_SAYS(reason, "b-25 (Java 25) is for the processor riscv64");
}

static void java_home_of_the_environment_goes_before_the_usual_places(void) {
  make_java("env/jdk", "JAVA_VERSION=\"21\"\n", true);
  CHECK(find(NULL, at("env/jdk"), at("jvm/*")));
  CHECK(strcmp(java.home, at("env/jdk")) == 0);
  CHECK(logged[0] == '\0');
}

static void a_java_home_that_cannot_be_used_is_passed_over_with_a_line(void) {
  CHECK(find(NULL, at("jvm/b-17"), at("jvm/*")));
  CHECK(strcmp(java.home, at("jvm/a-21")) == 0);
  CHECK_SAYS(logged, "JAVA_HOME");
  CHECK(logged_level == DVDI_INFO);
  CHECK_SAYS(logged, "b-17 is Java 17.0.1");
  CHECK(find(NULL, "relative", at("jvm/*")));
  CHECK_SAYS(logged, "no absolute path");
  CHECK(find(NULL, "", at("jvm/*")));
  CHECK(logged[0] == '\0');
}

static void the_java_of_a_package_goes_before_all_but_the_parameter(void) {
  make_java("package/runtime", "JAVA_VERSION=\"21\"\n", true);
  own = "package/runtime";
  CHECK(find(NULL, at("env/jdk"), at("jvm/*")));
  CHECK(strcmp(java.home, own) == 0);
  CHECK(logged[0] == '\0');
  CHECK(find(at("jvm/c-21"), NULL, at("jvm/*")));
  CHECK(strcmp(java.home, at("jvm/c-21")) == 0);
  make_java("broken/runtime", "JAVA_VERSION=\"21\"\n", false);
  own = "broken/runtime";
  CHECK(find(NULL, NULL, at("jvm/*")));
  CHECK(strcmp(java.home, at("jvm/a-21")) == 0);
  CHECK_SAYS(logged, "lib/server/libjvm.so");
  CHECK_SAYS(logged, "Install the package again");
  CHECK(logged_level == DVDI_WARNING);
  own = "no-package/runtime";
}

static void the_parameter_is_never_replaced(void) {
  CHECK(find(at("jvm/c-21"), at("env/jdk"), at("jvm/*")));
  CHECK(strcmp(java.home, at("jvm/c-21")) == 0);
  CHECK(!find(at("jvm/nothing"), NULL, at("jvm/*")));
  CHECK_SAYS(reason, "java_home");
  CHECK_SAYS(reason, "jvm/nothing: No such file or directory");
  CHECK(!find(at("jvm/b-17"), NULL, at("jvm/*")));
  CHECK_SAYS(reason, "b-17 is Java 17.0.1");
  CHECK_SAYS(reason, "version 21 or later");
  CHECK(!find(at("jvm/d-25-without-jvm"), NULL, at("jvm/*")));
  CHECK_SAYS(reason, "lib/server/libjvm.so");
  CHECK(!find(at("jvm"), NULL, at("jvm/*")));
  CHECK_SAYS(reason, "`release`");
  CHECK(!find("relative", NULL, at("jvm/*")));
  CHECK_SAYS(reason, "absolute");
}

static void a_search_that_finds_nothing_says_where_it_looked(void) {
  CHECK(!find(NULL, NULL, at("nowhere/*")));
  CHECK_SAYS(reason, "nowhere/*");
  CHECK_SAYS(reason, "no Java at all");
  CHECK(!find(NULL, NULL, at("jvm/[bd]*")));
  CHECK_SAYS(reason, "b-17 is Java 17.0.1");
  CHECK_SAYS(reason, "d-25-without-jvm");
  CHECK_SAYS(reason, "java_home");
}

static void homes_without_number_do_not_overflow_the_error(void) {
  char home[64];
  for (int i = 0; i < 60; i++) {
    snprintf(home, sizeof home, "old/a-java-with-quite-a-long-name-%d", i);
    make_java(home, "JAVA_VERSION=\"11\"\n", true);
  }
  CHECK(!find(NULL, NULL, at("old/*")));
  CHECK_SAYS(reason, "java_home");
}

static void the_folder_of_the_jars_is_checked(void) {
  char folder[PATH_MAX];
  write_file("good/dvdi/dvdi-1.jar", "");
  write_file("empty/dvdi/other.jar", "");
  write_file("with:colon/dvdi/dvdi-1.jar", "");
  write_file("odd[a]*?/dvdi/dvdi-1.jar", "");
  CHECK(dvdi_find_java_modules_beside(at("good"), folder, &error) && strcmp(folder, at("good/dvdi")) == 0);
  CHECK(dvdi_find_java_modules_beside(at("odd[a]*?"), folder, &error));
  CHECK(!dvdi_find_java_modules_beside(at("empty"), folder, &error));
  CHECK_SAYS(reason, "holds no dvdi-*.jar");
  CHECK(!dvdi_find_java_modules_beside(at("missing"), folder, &error));
  CHECK_SAYS(reason, "/missing/dvdi: No such file or directory");
  CHECK(!dvdi_find_java_modules_beside(at("with:colon"), folder, &error));
  CHECK_SAYS(reason, "colon");
}

static void parameters_are_read_and_doubles_refused(void) {
  struct dvdi_parameters parameters;
  const struct dvdi_entry good[] = {
      {{"java_home", 9}, {"/a", 2}}, {{"other", 5}, {"x", 1}}, {{"jvm_options", 11}, {NULL, 0}}};
  CHECK(dvdi_read_parameters(good, 3, &parameters, &error));
  CHECK(strcmp(parameters.java_home, "/a") == 0);
  CHECK(parameters.jvm_options == NULL);
  dvdi_forget_parameters(&parameters);
  const struct dvdi_entry twice[] = {{{"java_home", 9}, {"/a", 2}}, {{"java_home", 9}, {"/b", 2}}};
  CHECK(!dvdi_read_parameters(twice, 2, &parameters, &error));
  CHECK_SAYS(reason, "java_home is given twice");
  const struct dvdi_entry empty_and_not[] = {{{"java_home", 9}, {"", 0}}, {{"java_home", 9}, {"/b", 2}}};
  CHECK(!dvdi_read_parameters(empty_and_not, 2, &parameters, &error));
  CHECK_SAYS(reason, "java_home is given twice");
  const struct dvdi_entry nul[] = {{{"java_home", 9}, {"/a\0b", 4}}};
  CHECK(!dvdi_read_parameters(nul, 1, &parameters, &error));
  CHECK_SAYS(reason, "NUL");
}

static void a_parameter_of_an_earlier_version_may_have_any_value(void) {
  struct dvdi_parameters parameters;
  const struct dvdi_entry former[] = {{{"java_modules", 12}, {"relative\0", 9}}, {{"java_modules", 12}, {NULL, 0}}};
  CHECK(dvdi_read_parameters(former, 2, &parameters, &error));
  dvdi_forget_parameters(&parameters);
}

static void empty_parameters_are_as_good_as_none(void) {
  struct dvdi_parameters parameters;
  const struct dvdi_entry empty[] = {{{"java_home", 9}, {"", 0}}, {{"jvm_options", 11}, {"", 0}}};
  CHECK(dvdi_read_parameters(empty, 2, &parameters, &error));
  CHECK(find(parameters.java_home, NULL, at("jvm/*")));
  CHECK(strcmp(java.home, at("jvm/a-21")) == 0);
  CHECK(parameters.jvm_options == NULL);
  dvdi_forget_parameters(&parameters);
}

int main(void) {
  enter_new_folder("java_home");
  CHECK(getcwd(here, sizeof here) != NULL);
  versions_of_all_shapes_are_understood();
  a_release_file_is_read_with_and_without_quotes();
  the_newest_of_the_usual_places_is_taken();
  a_java_for_another_processor_is_passed_over();
  java_home_of_the_environment_goes_before_the_usual_places();
  a_java_home_that_cannot_be_used_is_passed_over_with_a_line();
  the_java_of_a_package_goes_before_all_but_the_parameter();
  the_parameter_is_never_replaced();
  a_search_that_finds_nothing_says_where_it_looked();
  homes_without_number_do_not_overflow_the_error();
  the_folder_of_the_jars_is_checked();
  parameters_are_read_and_doubles_refused();
  a_parameter_of_an_earlier_version_may_have_any_value();
  empty_parameters_are_as_good_as_none();
  return 0;
}
