// SPDX-License-Identifier: Apache-2.0
package io.dvdi.volume;

import java.util.Optional;

/**
 * One volume that a container asks for.
 *
 * @param id which volume
 * @param options for the driver
 * @param containerPath where the task wants it; absent: the task uses the volume where it is
 *     mounted on the host
 * @param readOnly whether the task may only read it
 * @param mustExist whether the driver may not create it ({@code DVDI_VOLUME_EXPLICITCREATE})
 * @param dvdcli the program that the task names ({@code DVDI_VOLUME_DVDCLI}); which one runs is the
 *     operator's choice
 * @param slot the suffix of its variables, {@code ""} or a number; absent when all are taken
 * @param field the variable or field that asked for it, for messages
 */
public record VolumeRequest(
    VolumeId id,
    Options options,
    Optional<ContainerPath> containerPath,
    boolean readOnly,
    boolean mustExist,
    Optional<String> dvdcli,
    Optional<String> slot,
    String field) {}
