// SPDX-License-Identifier: Apache-2.0
package io.dvdi.volume;

import java.util.regex.Pattern;

/**
 * A name of a volume: the driver's name and the volume's name. One volume may have several names,
 * and only its driver knows them. For example, {@code Data} and {@code data} are one volume for
 * some drivers, and two for others.
 *
 * @param driver a name as for Docker plugins: {@code rexray}, {@code rexray/ebs:latest}
 * @param name as the driver knows the volume; a driver may allow fewer characters
 */
public record VolumeId(String driver, String name) {
  /** In bytes. Some drivers, such as Portworx, have options in the name. */
  public static final int LONGEST_NAME = 1024;

  private static final int LONGEST_DRIVER = 255;
  private static final String LATEST = ":latest";

  // A driver's name becomes part of a socket's path, so no component may start with a dot.
  private static final Pattern DRIVER =
      Pattern.compile("[A-Za-z0-9][A-Za-z0-9._:-]*(/[A-Za-z0-9][A-Za-z0-9._:-]*)*");

  /** As with Docker, the tag latest goes without saying: with it and without, it is one driver. */
  public VolumeId {
    check("volume driver", driver, "volume name", name);
    if (driver.endsWith(LATEST)) {
      driver = driver.substring(0, driver.length() - LATEST.length());
    }
  }

  /** As the constructor; messages name the fields of driver and name. */
  static VolumeId of(String driverField, String driver, String nameField, String name) {
    check(driverField, driver, nameField, name);
    return new VolumeId(driver, name);
  }

  private static void check(String driverField, String driver, String nameField, String name) {
    if (name.isEmpty()) {
      throw new InvalidRequestException(
          nameField + " is empty; name a volume, or remove the variable or volume altogether");
    }
    Text.check(nameField, name, LONGEST_NAME);
    Text.check(driverField, driver, LONGEST_DRIVER);
    if (!DRIVER.matcher(driver).matches()) {
      throw new InvalidRequestException(
          "%s %s is not a driver's name; letters, digits and . _ : - / are allowed, as in 'rexray' or 'rexray/ebs'"
              .formatted(driverField, Text.quote(driver)));
    }
  }

  @Override
  public String toString() {
    return "volume " + Text.quote(name) + " (driver " + driver + ")";
  }
}
