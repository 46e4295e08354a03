/*
 * dvdi.h - the contract between a host, written in C or C++, and the isolator, written in Java.
 *
 * A host loads the module: the Mesos adapter inside mesos-agent, or the embedded agent. The C compiler and jextract
 * (bindings/) both read this file, so the two sides always agree. They share nothing else.
 *
 * Start.    The host starts a JVM. Then it calls io.dvdi.module.Boot.boot(long) once through JNI, with the address of a
 *           dvdi_boot. Java fills dvdi_boot.module. From then on, the sides call each other only through the tables
 *           dvdi_host and dvdi_module. JNI is used for nothing else, except to attach threads to the JVM.
 * Calls.    A call into dvdi_module copies its arguments, queues the work and returns. It does not wait for a driver or
 *           a disk, nor for a lock that is held while another thread waits for these. The answer comes later, exactly
 *           once, through dvdi_host.complete, with the call number that the host chose, which is not 0.
 *           If a call returns anything but DVDI_ACCEPTED, it was refused and gets no answer.
 * Threads.  Every function of both tables may be called from any thread, several at a time. complete may be called
 *           before the call that it answers has returned.
 * Memory.   The caller owns its arguments. A pointer is valid until the called function returns; the callee copies what
 *           it keeps. The tables live until the process ends.
 * Text.     Strings are UTF-8 with a length and without a terminating NUL. {NULL, 0} is the empty string. For optional
 *           fields it means "absent".
 * Errors.   No C++ exception and no Java Throwable crosses the boundary.
 * Version.  The first field of every table is its version. A side that finds another version refuses to continue.
 */
#ifndef DVDI_H
#define DVDI_H

#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/* The version of this file. It is raised by each change to a struct or to the meaning of a function. */
#define DVDI_VERSION 4

/* UTF-8 text of `size` bytes. */
struct dvdi_string {
  const char *data;
  size_t size;
};

/* A name and a value: a module parameter, a variable of a task's environment, or a driver option. */
struct dvdi_entry {
  struct dvdi_string name;
  struct dvdi_string value;
};

/* Levels of dvdi_host.log, the same as those of glog, the log library of mesos-agent. */
#define DVDI_INFO 0
#define DVDI_WARNING 1
#define DVDI_ERROR 2

/* Return values of the functions of dvdi_module. */
#define DVDI_ACCEPTED 0      /* the answer will come through dvdi_host.complete */
#define DVDI_OUT_OF_MEMORY 1 /* the Java heap is full; increase it (jvm_options) */
#define DVDI_FAULT 2         /* a bug on the Java side; details are in the host's log */
#define DVDI_CLOSED 3        /* the isolator was closed */
#define DVDI_NO_THREAD 4     /* the process cannot start another thread */
#define DVDI_NO_STACK 5      /* the stack of the calling thread is exhausted */
#define DVDI_NOT_LOADED 6    /* a Java class could not be loaded */

/*
 * What a container may ask for. The entrypoint (entry/) checks it before Java copies anything, because all containers
 * share one small heap. It answers prepare with a failure that names the limit.
 */
#define DVDI_MOST_VARIABLES 256 /* variables whose names start with DVDI_VOLUME_ */
#define DVDI_MOST_VOLUMES 32    /* volumes of ContainerInfo */
#define DVDI_MOST_OPTIONS 1024  /* options of all these volumes */
#define DVDI_MOST_BYTES 131072  /* all its text, other variables not counted */

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
 * A mount, described by what it has in common with its copy in another mount namespace, where mount IDs differ. Each
 * field is one of /proc/self/mountinfo (proc(5)), without escapes.
 */
struct dvdi_mount {
  struct dvdi_string device;     /* major:minor of the file system; empty: no mount */
  struct dvdi_string root;       /* the folder of the file system that is mounted; empty: only the device is known */
  struct dvdi_string mountpoint; /* absolute path on the host */
};

/*
 * A bind mount. The host makes it in the container's own mount namespace, recursively, in the order given.
 *
 * The host must not follow symbolic links in `target`: the owner of the sandbox may have created one since the check.
 * It must not follow `source` if that is a link: a driver may return a folder inside the volume, where others can
 * create links.
 *
 * The host must bind only the verified volume: since the check, somebody may have unmounted it, or mounted something
 * over it. So the host opens `source`, compares the mount that contains it with `mount`, and binds what it has opened.
 *
 * If `source` and `target` are the same, the container uses the volume where the host has it. Then the host binds it to
 * itself, if it can, for `read_only` and `suid` to hold there too. If the container has no image, they must also hold
 * at the source of any other bind.
 */
struct dvdi_bind {
  struct dvdi_string source; /* absolute path on the host */
  struct dvdi_mount mount;   /* the mount that contains `source`; no mount: a plain directory, not verified */
  struct dvdi_string target; /* absolute path on the host, which exists; below sandbox or rootfs where those apply */
  int32_t read_only;         /* 1: read-only, including all mounts below it; 0: writable */
  int32_t suid;              /* 0: nosuid and nodev, including all mounts below it; 1: as the driver has mounted it */
};

/* Size and use of a container's volume, from statfs(2). */
struct dvdi_usage {
  struct dvdi_string driver;
  struct dvdi_string name;
  struct dvdi_string mountpoint; /* absolute path on the host */
  uint64_t size;                 /* of the file system, in bytes */
  uint64_t used;                 /* in bytes */
};

/* The answer to one call. Fields that are marked with a function are empty in the answers to other functions. */
struct dvdi_answer {
  int32_t failed;             /* 0: success; 1: failure */
  struct dvdi_string failure; /* message for a person: what happened, to what, and what to change */
  /* prepare: what the host must do. No bind and no variable: the container has no external volume. */
  const struct dvdi_bind *binds;
  size_t binds_count;
  const struct dvdi_entry *environment; /* variables to add to the task's environment */
  size_t environment_count;
  /* usage: the container's external volumes whose file systems answered */
  const struct dvdi_usage *usage;
  size_t usage_count;
  /* watch: why the host must end the container, for a person; empty: the container was cleaned up */
  struct dvdi_string limitation;
};

/* The metrics of dvdi_host.measure. A gauge is the current value; a counter counts since boot. */
#define DVDI_VOLUMES_MOUNTED 0  /* gauge: mounted volumes that containers hold */
#define DVDI_VOLUMES_STUCK 1    /* gauge: volumes whose unmount failed and will be retried */
#define DVDI_OPERATIONS 2       /* gauge: volumes with a mount or unmount in progress */
#define DVDI_MOUNTS 3           /* counter: verified mounts */
#define DVDI_MOUNT_FAILURES 4   /* counter: failed mounts */
#define DVDI_UNMOUNTS 5         /* counter: unmounts after which the mount was gone */
#define DVDI_UNMOUNT_FAILURES 6 /* counter: failed attempts to unmount */
#define DVDI_VOLUMES_LOST 7     /* counter: volumes that were lost while a container held them */
#define DVDI_METRICS 8          /* the number of metrics */

/* Functions that the host provides to Java. */
struct dvdi_host {
  uint32_t version; /* DVDI_VERSION */
  /* Writes one line to the host's log. `text` contains no line break. */
  void (*log)(int32_t level, const struct dvdi_string *text);
  /* Answers a call that was accepted. Must not block. */
  void (*complete)(uint64_t call, const struct dvdi_answer *answer);
  /* Reports the new value of a metric (DVDI_VOLUMES_MOUNTED …) after each change. Must not block. */
  void (*measure)(int32_t metric, int64_t value);
};

/* Functions that Java provides to the host: upcall stubs, which are created once at boot. */
struct dvdi_module {
  uint32_t version; /* DVDI_VERSION */
  /*
   * Reports the living containers, including orphans that the host is about to clean up. Volumes that only other
   * containers held are unmounted. Must be the first call after boot, and is made only once. Never fails: problems are
   * logged, and affect only the volumes concerned.
   */
  int32_t (*recover)(uint64_t call, const struct dvdi_string *containers, size_t containers_count);
  /* Mounts all volumes that the container requests, or none. */
  int32_t (*prepare)(uint64_t call, const struct dvdi_container *container);
  /*
   * Releases a container's volumes, and unmounts those that no other container holds. Idempotent: an unknown container
   * is not an error. A failed unmount is retried later, and does not make the call fail.
   */
  int32_t (*cleanup)(uint64_t call, const struct dvdi_string *container);
  /*
   * Returns size and use of the container's external volumes. Omits a volume whose file system does not answer within a
   * few seconds. An unknown container has no volumes.
   */
  int32_t (*usage)(uint64_t call, const struct dvdi_string *container);
  /*
   * Answers with a limitation when an external volume of the container is lost and the parameter lost_volumes is
   * `kill`. Answers without a limitation when the container is cleaned up, or if it has no external volume.
   */
  int32_t (*watch)(uint64_t call, const struct dvdi_string *container);
  /*
   * Accepts no further calls, waits some seconds for running operations, and stops all threads. Unmounts nothing:
   * containers outlive the agent. If no thread can be started, all this is done before the call returns.
   */
  int32_t (*close)(uint64_t call);
};

/* The argument of Boot.boot. It returns 0 on success. On failure it fills `error`, and returns 1. */
struct dvdi_boot {
  uint32_t version; /* DVDI_VERSION */
  const struct dvdi_host *host;
  /* those of modules.json, in their order; mesos-agent adds flags of its own that the isolator needs, named `--flag` */
  const struct dvdi_entry *parameters;
  size_t parameters_count;
  struct dvdi_module *module; /* filled by Java */
  char *error;                /* filled by Java on failure: NUL-terminated, truncated to error_size bytes */
  size_t error_size;
};

#ifdef __cplusplus
}
#endif

#endif /* DVDI_H */
