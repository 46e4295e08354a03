// SPDX-License-Identifier: Apache-2.0
package io.dvdi.module;

import io.dvdi.volume.InvalidRequestException;
import io.dvdi.volume.Options;
import io.dvdi.volume.Text;
import io.dvdi.volume.VolumeId;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * The parameters {@code default_options.DRIVER}, in their order. Their values may be secrets, so no
 * message has them.
 */
final class DefaultOptions {
  private static final String KEY = "default_options";

  /** As the list of all parameters shows them. */
  static final String ANY_KEY = KEY + ".DRIVER";

  private final Map<String, Options> byDriver = new LinkedHashMap<>();

  static boolean isKey(String key) {
    return key.equals(KEY) || key.startsWith(KEY + ".");
  }

  static String key(String driver) {
    return KEY + "." + driver;
  }

  /**
   * Adds a parameter.
   *
   * @throws InvalidParameterException if it names no driver, or one that has options already, or if
   *     its value is no list of options
   */
  void add(String key, String value) {
    String driver = driver(key);
    Options options;
    try {
      options = Options.parse("the parameter " + key, value);
    } catch (InvalidRequestException e) {
      throw new InvalidParameterException(String.valueOf(e.getMessage()));
    }
    if (byDriver.putIfAbsent(driver, options) != null) {
      throw new InvalidParameterException("the parameter '" + key(driver) + "' is given twice");
    }
  }

  private static String driver(String key) {
    try {
      return new VolumeId(key.substring(Math.min(key.length(), KEY.length() + 1)), "name").driver();
    } catch (InvalidRequestException e) {
      throw new InvalidParameterException(
          "the parameter %s in modules.json does not end with the name of a volume driver; write default_options.rexray for the driver rexray"
              .formatted(Text.quote(key)));
    }
  }

  Map<String, Options> byDriver() {
    return Collections.unmodifiableMap(byDriver);
  }
}
