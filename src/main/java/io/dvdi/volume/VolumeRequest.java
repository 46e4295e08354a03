// SPDX-License-Identifier: Apache-2.0
package io.dvdi.volume;

import java.util.Optional;

/**
 * A container's request for one volume.
 *
 * @param id the volume
 * @param options for the driver
 * @param containerPath the path of the volume in the task; absent: the task uses the mountpoint on
 *     the host
 * @param readOnly whether the task may only read the volume
 * @param mustExist whether the volume must not be created ({@code DVDI_VOLUME_EXPLICITCREATE})
 * @param origin where the request was written
 */
public record VolumeRequest(
    VolumeId id,
    Options options,
    Optional<ContainerPath> containerPath,
    boolean readOnly,
    boolean mustExist,
    Origin origin) {

  /**
   * Where a request was written.
   *
   * @param field the variable or field that asked for it, for messages
   * @param slot the suffix of its variables, {@code ""} or a number; absent when all are taken
   * @param dvdcli the program that the task names ({@code DVDI_VOLUME_DVDCLI}); which one runs is
   *     the operator's choice
   */
  public record Origin(String field, Optional<String> slot, Optional<String> dvdcli) {}

  /** The variable or field that asked for it, for messages. */
  public String field() {
    return origin.field();
  }

  /** The suffix of its variables, {@code ""} or a number; absent when all are taken. */
  public Optional<String> slot() {
    return origin.slot();
  }

  /** The same request with these options. */
  public VolumeRequest with(Options all) {
    return new VolumeRequest(id, all, containerPath, readOnly, mustExist, origin);
  }

  /** The same request in a slot. */
  VolumeRequest inSlot(Optional<String> slot) {
    return new VolumeRequest(
        id,
        options,
        containerPath,
        readOnly,
        mustExist,
        new Origin(origin.field(), slot, origin.dvdcli()));
  }
}
