// SPDX-License-Identifier: Apache-2.0
/**
 * Drivers that are Docker volume plugins, spoken to over their own sockets (docs.docker.com,
 * "Docker Plugin API" and "Docker volume plugins"). Forgiving in what is read, as plugins differ,
 * and strict in what is done: no volume is created on a guess, and nothing that may have had an
 * effect is sent twice.
 */
@NullMarked
package io.dvdi.driver.plugin;

import org.jspecify.annotations.NullMarked;
