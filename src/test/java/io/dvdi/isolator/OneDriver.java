// SPDX-License-Identifier: Apache-2.0
package io.dvdi.isolator;

import io.dvdi.driver.Drivers;
import io.dvdi.driver.VolumeDriver;
import io.dvdi.volume.InvalidRequestException;
import io.dvdi.volume.Options;
import java.util.Set;
import java.util.function.Supplier;

/** A host with one driver. */
record OneDriver(
    String name,
    VolumeDriver driver,
    Set<String> plainDirectories,
    Set<String> suidDrivers,
    Options options)
    implements Drivers {
  @Override
  public VolumeDriver named(String wanted) {
    if (wanted.equals(name)) {
      return driver;
    }
    throw new InvalidRequestException("there is no driver " + wanted);
  }

  @Override
  public String nameOf(String written, Supplier<Set<String>> onRecord) {
    return written;
  }

  @Override
  public boolean handsOutDirectories(String canonical) {
    return plainDirectories.contains(canonical);
  }

  @Override
  public boolean allowsSuid(String canonical) {
    return suidDrivers.contains(canonical);
  }

  @Override
  public Options defaultOptions(String canonical) {
    return options;
  }

  @Override
  public String kindOf(VolumeDriver given) {
    return "scripted";
  }

  @Override
  public VolumeDriver ofKind(String kind) {
    if (kind.equals("scripted")) {
      return driver;
    }
    throw new InvalidRequestException("there is no kind of driver " + kind);
  }
}
