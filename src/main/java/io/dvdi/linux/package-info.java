// SPDX-License-Identifier: Apache-2.0
/**
 * The Linux system calls that this module makes, through FFM. {@link Libc} mirrors C one to one;
 * the other classes speak in paths and values.
 *
 * <p>A system call may block its thread for as long as the kernel likes, and pins the carrier of a
 * virtual thread: call from platform threads.
 */
@NullMarked
package io.dvdi.linux;

import org.jspecify.annotations.NullMarked;
