/* SPDX-License-Identifier: Apache-2.0 */
/* folder.h - folders that are held open, so that they stay the same ones whatever happens to their paths. */
#ifndef DVDI_BIND_FOLDER_H
#define DVDI_BIND_FOLDER_H

#include <stdbool.h>

/* Opens a folder below another one, and follows no symbolic link on the way. -1 with errno: ELOOP, EXDEV for "..". */
int open_beneath(int root, const char *path);

/* The same, for files too: a file can be a mount point. */
int open_file_beneath(int root, const char *path);

/*
 * Whether errno is that of a call that this kernel does not have (openat2(2): Linux 5.6), or that a seccomp filter does
 * not know. A capability that is missing is told by the older call, too.
 */
bool is_unknown_call(void);

/*
 * The name of an opened folder for calls that take paths only, such as mount(2). It leads to the very mount that the
 * folder was opened on, also when another one was put over it since. It is good as long as /proc is that of this
 * process' own pid namespace.
 */
struct folder_path {
  char text[32];
};
struct folder_path folder_path(int folder);

/* Whether a path is that of a folder or of something below it, going by their texts. */
bool is_in(const char *path, const char *folder);

#endif /* DVDI_BIND_FOLDER_H */
