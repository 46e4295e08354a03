/* SPDX-License-Identifier: Apache-2.0 */
/* boundary.h - what benchmarks of the boundary between C and Java call in C. FFM finds these functions by name. */
#ifndef DVDI_BENCHMARK_BOUNDARY_H
#define DVDI_BENCHMARK_BOUNDARY_H

#include <stdint.h>

/* A function that is called many times, in C or in Java. Each result depends on the argument, so that no compiler can
 * leave out a call. */
typedef int32_t boundary_function(int32_t number);

/* Returns number + 1: the call costs something, and the function nothing. */
int32_t boundary_nothing(int32_t number);

/* getpid(2) as a system call, which some C libraries avoid. Adds `number`. */
int32_t boundary_getpid(int32_t number);

/* statx(2) of the root folder. Adds `number` to its result, which is 0. */
int32_t boundary_statx(int32_t number);

/* Calls a function `count` times, each time with its last result. Returns the last one. */
int32_t boundary_repeat(boundary_function *function, int32_t count);

/* The length of a text that ends with a NUL. */
int32_t boundary_length(const char *text);

/* Takes a text of `size` bytes, which is valid during the call. Returns its length. */
typedef int32_t boundary_receiver(const char *text, int64_t size);

/* Copies the text and frees the copy: what a receiver in C would do. */
int32_t boundary_copy(const char *text, int64_t size);

/* A text of `size` bytes and a NUL, at most 64 KiB. Valid until the next call. Not thread-safe. */
const char *boundary_text(int64_t size);

/* Sends a text of `size` bytes `count` times. Returns the sum of the results. */
int32_t boundary_send(boundary_receiver *receiver, int64_t size, int32_t count);

#endif /* DVDI_BENCHMARK_BOUNDARY_H */
