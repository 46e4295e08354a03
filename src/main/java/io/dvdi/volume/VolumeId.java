// SPDX-License-Identifier: Apache-2.0
package io.dvdi.volume;

import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Which volume: a driver's name and the volume's name there, both taken exactly as written. {@code
 * Data} and {@code data} are two volumes, unlike in mesos-module-dvdi, which could hand a task
 * somebody else's data. Where the operator wants it that way all the same, they are equal, and each
 * keeps its spelling: a driver may be one that tells them apart.
 *
 * @param driver as Docker names plugins: {@code rexray}, {@code rexray/ebs:latest}
 * @param name as the driver knows it; a driver may allow less
 * @param anyCase whether it equals what differs in upper and lower case only
 */
public record VolumeId(String driver, String name, boolean anyCase) {
  /** In bytes. Names that carry options, as Portworx has them, are long. */
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

  /** A volume whose name is taken as written. */
  public VolumeId(String driver, String name) {
    this(driver, name, false);
  }

  /** The same name, of which {@link #anyCase} is true. */
  public VolumeId inAnyCase() {
    return new VolumeId(driver, name, true);
  }

  /** As the constructor, with messages that name where driver and name were written. */
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
  public boolean equals(@Nullable Object other) {
    return other instanceof VolumeId id
        && anyCase == id.anyCase
        && folded(driver).equals(id.folded(id.driver))
        && folded(name).equals(id.folded(id.name));
  }

  @Override
  public int hashCode() {
    return 31 * folded(driver).hashCode() + folded(name).hashCode();
  }

  /** ASCII only, as boost::to_lower_copy does it for mesos-module-dvdi in an agent's locale, C. */
  private String folded(String text) {
    if (!anyCase) {
      return text;
    }
    StringBuilder folded = new StringBuilder(text.length());
    text.chars().forEach(c -> folded.append((char) (c >= 'A' && c <= 'Z' ? c + 'a' - 'A' : c)));
    return folded.toString();
  }

  @Override
  public String toString() {
    return "volume " + Text.quote(name) + " (driver " + driver + ")";
  }
}
