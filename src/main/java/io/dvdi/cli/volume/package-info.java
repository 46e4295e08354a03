// SPDX-License-Identifier: Apache-2.0
/**
 * dvdcli's command line, for people and scripts that know it: the same commands, flags and words.
 * It speaks to Docker volume plugins itself, and does not start dvdcli.
 *
 * <p>What is different on purpose: the exit status of a wrong command line is 2 and not 0; nothing
 * is waited for without a deadline; a volume is created only when its plugin's own list does not
 * have it; an option without an equal sign is an error and no crash, and a value may hold more of
 * them; {@code --explicitCreate} is known too, which dvdcli's own README had but it never was; and
 * a mount ID is sent.
 */
@NullMarked
package io.dvdi.cli.volume;

import org.jspecify.annotations.NullMarked;
