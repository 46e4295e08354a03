// SPDX-License-Identifier: Apache-2.0
/** Trees of JSON, and what is wrong with a JSON file, for the person who wrote it. */
@NullMarked
package io.dvdi.json;

import org.jspecify.annotations.NullMarked;
