// SPDX-License-Identifier: Apache-2.0
/**
 * The Linux system calls that this module makes, through FFM. {@link KernelCalls} mirrors the C
 * functions; the other classes use paths and values.
 *
 * <p>Call from platform threads. A system call can block its thread for any time, and would pin the
 * carrier of a virtual thread.
 */
@NullMarked
package io.dvdi.linux;

import org.jspecify.annotations.NullMarked;
