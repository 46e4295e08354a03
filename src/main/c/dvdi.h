/*
 * dvdi.h - the contract between a host, written in C or C++, and the isolator, written in Java.
 *
 * A host is what loads the module: the Mesos adapter inside mesos-agent, or the embedded agent. This file is all
 * that the two sides share. The C compiler and jextract (bindings/) both read it, so neither side can drift.
 *
 * Start.    The host starts a JVM and calls io.dvdi.module.Boot.boot(long) once through JNI with the address of a
 *           dvdi_boot. Java fills the dvdi_module that it points at. From then on the sides speak through the two
 *           tables only, and JNI is not used again.
 * Calls.    A call into dvdi_module copies its arguments, queues the work and returns; it never waits on a driver,
 *           a disk or a lock that is held across either. Its answer comes later, exactly once, through
 *           dvdi_host.complete with the call number that the host chose.
 *           A call that returns anything but DVDI_ACCEPTED was refused: it has no answer, now or later.
 * Threads.  Every function of both tables may be called from any thread, several at a time. complete may be called
 *           before the call that it answers has returned.
 * Memory.   A pointer is valid until the function that it was handed to returns; the callee copies what it keeps.
 *           The tables themselves live until the process ends.
 * Text.     Strings are UTF-8 with a length and without a terminating NUL. {NULL, 0} is the empty string, and for
 *           optional fields "absent".
 * Errors.   Nothing is thrown across: no C++ exception upwards, no Java Throwable downwards.
 * Version.  The first field of every table is its version. A side that finds another one refuses to go on.
 */
#ifndef DVDI_H
#define DVDI_H

#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/* The version of everything in this file. Any change of a struct or of a function's meaning raises it. */
#define DVDI_VERSION 3

/* UTF-8 text of `size` bytes. */
struct dvdi_string {
  const char *data;
  size_t size;
};

/* A name with a value: a module parameter, a variable of a task's environment, or an option of a driver. */
struct dvdi_entry {
  struct dvdi_string name;
  struct dvdi_string value;
};

/* Levels of dvdi_host.log: those of glog, which is what mesos-agent logs with. */
#define DVDI_INFO 0
#define DVDI_WARNING 1
#define DVDI_ERROR 2

/* What a function of dvdi_module returns. */
#define DVDI_ACCEPTED 0      /* the answer will come through dvdi_host.complete */
#define DVDI_OUT_OF_MEMORY 1 /* the JVM has no memory left to take the call; raise its heap (jvm_options) */
#define DVDI_FAULT 2         /* a defect on the Java side; what is known of it is in the host's log */
#define DVDI_CLOSED 3        /* the isolator was closed */

/* A volume of ContainerInfo: Volume.source of type DOCKER_VOLUME (mesos.proto, Mesos 1.0 and later). */
struct dvdi_volume {
  struct dvdi_string driver; /* empty: absent */
  struct dvdi_string name;
  struct dvdi_string container_path; /* relative to the sandbox, or absolute */
  const struct dvdi_entry *options;
  size_t options_count;
  int32_t read_only; /* 1: mode RO, 0: mode RW */
};

/* A container that is about to be launched. */
struct dvdi_container {
  struct dvdi_string id;             /* ContainerID, parents first and joined by '.' */
  struct dvdi_string sandbox;        /* absolute path of the sandbox on the host; it exists */
  struct dvdi_string rootfs;         /* absolute path of the image's root on the host; empty: no image */
  struct dvdi_string rootfs_sandbox; /* where the sandbox appears inside rootfs; empty without an image */
  const struct dvdi_entry *environment;
  size_t environment_count;
  const struct dvdi_volume *volumes;
  size_t volumes_count;
  struct dvdi_string user; /* the host's user that the task runs as; empty: the agent's own */
};

/*
 * A mount, by what a copy of it in another mount namespace has in common with it, where IDs differ. Each is a field of
 * /proc/self/mountinfo (proc(5)), without its escapes.
 */
struct dvdi_mount {
  struct dvdi_string device;     /* of the file system, major:minor; empty: no mount */
  struct dvdi_string root;       /* the folder of the file system that is mounted; empty: only the device is known */
  struct dvdi_string mountpoint; /* absolute path on the host */
};

/*
 * A bind mount that the host makes in the container's own mount namespace, recursively, in the order given. It must not
 * follow symbolic links in `target`: the sandbox's owner may have put one there since it was looked at. Nor does it
 * follow one that `source` itself is: a driver may name a folder inside the volume, where others may put a link.
 *
 * Nothing is bound but what was verified to be the volume: somebody may have unmounted it since, or mounted something
 * else over it. The host opens `source`, compares the mount that this is on with `mount`, and binds what it has opened.
 */
struct dvdi_bind {
  struct dvdi_string source; /* absolute path on the host */
  struct dvdi_mount mount;   /* that contains `source`; no mount: a plain directory, about which nothing was verified */
  struct dvdi_string target; /* absolute path on the host, inside sandbox or rootfs where those apply; it exists */
  int32_t read_only;         /* 1: read-only, with all mounts below it */
};

/* How full a volume of a container is, from statfs(2). */
struct dvdi_usage {
  struct dvdi_string driver;
  struct dvdi_string name;
  struct dvdi_string mountpoint; /* absolute path on the host */
  uint64_t size;                 /* of the file system, in bytes */
  uint64_t used;                 /* of it, in bytes */
};

/* The answer to one call. What another call than the named one answers is empty. */
struct dvdi_answer {
  int32_t failed;             /* 0: done; 1: failed, and `failure` says why */
  struct dvdi_string failure; /* for a person: what happened, to what, and what to change */
  /* prepare: what the host has to do. No bind and no variable: the container has no external volume. */
  const struct dvdi_bind *binds;
  size_t binds_count;
  const struct dvdi_entry *environment; /* variables to add to the task's environment */
  size_t environment_count;
  /* usage: each external volume of the container whose file system answered */
  const struct dvdi_usage *usage;
  size_t usage_count;
  /* watch: why the host has to end the container, for a person; empty: it has been cleaned up */
  struct dvdi_string limitation;
};

/* The metrics of dvdi_host.measure: what is the case now, and what has been counted since boot. */
#define DVDI_VOLUMES_MOUNTED 0  /* now: volumes that are mounted by this module */
#define DVDI_VOLUMES_STUCK 1    /* now: volumes whose unmount failed and is tried again */
#define DVDI_OPERATIONS 2       /* now: volumes with a mount or unmount under way */
#define DVDI_MOUNTS 3           /* counted: mounts that were proved */
#define DVDI_MOUNT_FAILURES 4   /* counted: mounts that failed, or came too late */
#define DVDI_UNMOUNTS 5         /* counted: unmounts after which the mount was gone */
#define DVDI_UNMOUNT_FAILURES 6 /* counted: unmounts after which it was not, each try */
#define DVDI_VOLUMES_LOST 7     /* counted: volumes that were lost while a container held them */
#define DVDI_METRICS 8          /* the number of metrics */

/* What the host offers to Java. */
struct dvdi_host {
  uint32_t version; /* DVDI_VERSION */
  /* Writes one line to the host's log. `text` has no line break. May be called on any thread, at any time. */
  void (*log)(int32_t level, const struct dvdi_string *text);
  /* Answers a call that was accepted. Must not block. */
  void (*complete)(uint64_t call, const struct dvdi_answer *answer);
  /* Tells the value of a metric, DVDI_VOLUMES_MOUNTED and so on, whenever it has changed. Must not block. */
  void (*measure)(int32_t metric, int64_t value);
};

/* What Java offers to the host: upcall stubs, made once at boot. */
struct dvdi_module {
  uint32_t version; /* DVDI_VERSION */
  /*
   * Tells which containers the host knows to be alive, orphans that it is about to clean up included. Volumes that
   * only other containers held are unmounted. The first call after boot, and only once; it degrades, never fails.
   */
  int32_t (*recover)(uint64_t call, const struct dvdi_string *containers, size_t containers_count);
  /* Mounts all volumes that the container asks for, or none. */
  int32_t (*prepare)(uint64_t call, const struct dvdi_container *container);
  /*
   * Gives up a container's volumes, and unmounts those that it was the last to use. Idempotent; a container that is
   * not known is no error. What could not be unmounted is tried again later, and does not make the call fail.
   */
  int32_t (*cleanup)(uint64_t call, const struct dvdi_string *container);
  /*
   * Tells how full the container's external volumes are. A volume whose file system does not answer within a few
   * seconds is left out; a container that is not known has none.
   */
  int32_t (*usage)(uint64_t call, const struct dvdi_string *container);
  /*
   * Answers with a limitation when an external volume of the container is lost and the operator wants the container
   * ended for that (parameter lost_volumes), and without one when the container is cleaned up or has none.
   */
  int32_t (*watch)(uint64_t call, const struct dvdi_string *container);
  /*
   * Takes no further calls, lets running operations end within their deadlines, and stops all threads. Nothing is
   * unmounted: containers outlive the agent.
   */
  int32_t (*close)(uint64_t call);
};

/* The argument of Boot.boot, which returns 0 or, with `error` filled in, 1. */
struct dvdi_boot {
  uint32_t version; /* DVDI_VERSION */
  const struct dvdi_host *host;
  /* of modules.json, in their order; from mesos-agent also flags of its own that the isolator needs, named `--flag` */
  const struct dvdi_entry *parameters;
  size_t parameters_count;
  struct dvdi_module *module; /* filled by Java */
  char *error;                /* filled by Java on failure: NUL-terminated, cut at error_size */
  size_t error_size;
};

#ifdef __cplusplus
}
#endif

#endif /* DVDI_H */
