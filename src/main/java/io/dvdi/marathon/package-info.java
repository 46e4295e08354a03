// SPDX-License-Identifier: Apache-2.0
/**
 * From the JSON of a Marathon app to the task that Marathon hands to Mesos, as far as volumes
 * matter.
 *
 * <p>What Marathon would refuse is refused here for the same reason, and the message names the
 * place in the JSON. What only an offer can tell (the host, its ports, the resources taken) is left
 * out, and so are the variables that Marathon derives from it.
 *
 * <p>Nothing here touches the machine.
 */
@NullMarked
package io.dvdi.marathon;

import org.jspecify.annotations.NullMarked;
