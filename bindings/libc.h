// SPDX-License-Identifier: Apache-2.0
/*
 * The libc and kernel headers that libc.includes picks from. Read by jextract, and by the test that compares what
 * jextract made with what the C compiler of the day sees; no program is built from it.
 *
 * sys/mount.h and not linux/mount.h: glibc 2.36 does not let both be included, and the former has all that is needed.
 */
#ifndef _GNU_SOURCE
#define _GNU_SOURCE /* O_PATH, statx(2) */
#endif

#include <errno.h>
#include <fcntl.h>
#include <linux/loop.h>
#include <linux/magic.h>
#include <poll.h>
#include <pwd.h>
#include <string.h>
#include <sys/file.h>
#include <sys/ioctl.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <sys/statfs.h>
#include <sys/statvfs.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

/* connect(2) as POSIX has it: with _GNU_SOURCE, glibc takes a union of pointers to all kinds of addresses. */
#undef __USE_GNU
#include <sys/socket.h>
#define __USE_GNU 1

#include <netinet/in.h>
#include <sys/un.h>

/* What the headers of older distributions lack. The kernel's ABI, so the same everywhere. */
#ifndef CEPH_SUPER_MAGIC
#define CEPH_SUPER_MAGIC 0x00c36400
#endif
#ifndef FUSE_SUPER_MAGIC
#define FUSE_SUPER_MAGIC 0x65735546
#endif
#ifndef MS_NOSYMFOLLOW
#define MS_NOSYMFOLLOW 256
#endif
