// SPDX-License-Identifier: Apache-2.0
package io.dvdi.linux;

import io.dvdi.bindings.libc.libc_aarch64;
import io.dvdi.bindings.libc.libc_x86_64;

/** The system calls that are made, with their numbers (syscalls(2)). */
enum SystemCall {
  ACCEPT4(libc_x86_64.SYS_accept4(), libc_aarch64.SYS_accept4()),
  BIND(libc_x86_64.SYS_bind(), libc_aarch64.SYS_bind()),
  CLOSE(libc_x86_64.SYS_close(), libc_aarch64.SYS_close()),
  CONNECT(libc_x86_64.SYS_connect(), libc_aarch64.SYS_connect()),
  FCHOWNAT(libc_x86_64.SYS_fchownat(), libc_aarch64.SYS_fchownat()),
  FLOCK(libc_x86_64.SYS_flock(), libc_aarch64.SYS_flock()),
  FSYNC(libc_x86_64.SYS_fsync(), libc_aarch64.SYS_fsync()),
  FTRUNCATE(libc_x86_64.SYS_ftruncate(), libc_aarch64.SYS_ftruncate()),
  GETEUID(libc_x86_64.SYS_geteuid(), libc_aarch64.SYS_geteuid()),
  GETSOCKOPT(libc_x86_64.SYS_getsockopt(), libc_aarch64.SYS_getsockopt()),
  IOCTL(libc_x86_64.SYS_ioctl(), libc_aarch64.SYS_ioctl()),
  LISTEN(libc_x86_64.SYS_listen(), libc_aarch64.SYS_listen()),
  MKDIRAT(libc_x86_64.SYS_mkdirat(), libc_aarch64.SYS_mkdirat()),
  MOUNT(libc_x86_64.SYS_mount(), libc_aarch64.SYS_mount()),
  OPENAT(libc_x86_64.SYS_openat(), libc_aarch64.SYS_openat()),
  PPOLL(libc_x86_64.SYS_ppoll(), libc_aarch64.SYS_ppoll()),
  READ(libc_x86_64.SYS_read(), libc_aarch64.SYS_read()),
  READLINKAT(libc_x86_64.SYS_readlinkat(), libc_aarch64.SYS_readlinkat()),
  RECVFROM(libc_x86_64.SYS_recvfrom(), libc_aarch64.SYS_recvfrom()),
  SENDTO(libc_x86_64.SYS_sendto(), libc_aarch64.SYS_sendto()),
  SOCKET(libc_x86_64.SYS_socket(), libc_aarch64.SYS_socket()),
  STATFS(libc_x86_64.SYS_statfs(), libc_aarch64.SYS_statfs()),
  STATX(libc_x86_64.SYS_statx(), libc_aarch64.SYS_statx()),
  UMOUNT2(libc_x86_64.SYS_umount2(), libc_aarch64.SYS_umount2()),
  WRITE(libc_x86_64.SYS_write(), libc_aarch64.SYS_write()),

  // Newer calls have one number on all processors. Debian 12's headers do not have the last two.
  OPEN_TREE(428, 428),
  STATMOUNT(457, 457),
  LISTMOUNT(458, 458);

  private static final boolean ARM64 = Processor.current().orElseThrow() == Processor.ARM64;

  private final long x86;
  private final long arm;

  SystemCall(long x86, long arm) {
    this.x86 = x86;
    this.arm = arm;
  }

  /** Its number on this processor. */
  long number() {
    return ARM64 ? arm : x86;
  }
}
