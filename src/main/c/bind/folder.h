/* SPDX-License-Identifier: Apache-2.0 */
/* folder.h - open folders. They stay the same if their paths change. */
#ifndef DVDI_BIND_FOLDER_H
#define DVDI_BIND_FOLDER_H

#include <stdbool.h>

/*
 * Opens a folder below another one without following symbolic links. Returns -1 with errno on failure: ELOOP for a
 * link, EXDEV for "..".
 */
int open_beneath(int root, const char *path);

/* The same for a folder or a file, which can be a mount point too. */
int open_file_beneath(int root, const char *path);

/*
 * Whether errno says that the kernel (openat2(2): Linux 5.6) or a seccomp filter does not know a call. EPERM is
 * included; if a capability is missing, the older call fails too.
 */
bool is_unknown_call(void);

/*
 * A path of an open folder, for calls that take only paths, such as mount(2). It leads to the mount on which the folder
 * was opened, even if another one was mounted over it since. It needs a /proc of this process' own pid namespace.
 */
struct folder_path {
  char text[32];
};
struct folder_path folder_path(int folder);

/* Whether the text of a path is that of a folder, or of a path below it. */
bool is_in(const char *path, const char *folder);

#endif /* DVDI_BIND_FOLDER_H */
