/* SPDX-License-Identifier: Apache-2.0 */
/* java_home.h - finds the Java to use. */
#ifndef DVDI_JAVA_HOME_H
#define DVDI_JAVA_HOME_H

#include <limits.h>

#include "error.h"

/* The oldest Java that has what the isolator needs: its class files are of Java 21. */
#define DVDI_OLDEST_JAVA 21

/* A Java on this machine. */
struct dvdi_java {
  char home[PATH_MAX];
  char libjvm[PATH_MAX];
  char version[64]; /* as its release file writes it, for example 21.0.2 */
};

/* Where to look. */
struct dvdi_java_search {
  const char *parameter;     /* the module parameter java_home, or NULL */
  const char *own;           /* where a package has a Java of its own; need not exist */
  const char *environment;   /* the variable JAVA_HOME, or NULL */
  const char *const *places; /* patterns of glob(7) that homes match, the last one NULL */
};

/* The usual places of Java installations. */
extern const char *const dvdi_java_places[];

/*
 * Finds a Java that is new enough. If the parameter is set, only this Java is considered. Otherwise the package's own
 * is used, or JAVA_HOME, or else the newest Java in the places. A JAVA_HOME that cannot be used is ignored with a line
 * in the log, because the agent may have it for another purpose.
 */
bool dvdi_find_java(const struct dvdi_java_search *search, const struct dvdi_host *host, struct dvdi_java *java,
                    struct dvdi_error *error);

#endif /* DVDI_JAVA_HOME_H */
