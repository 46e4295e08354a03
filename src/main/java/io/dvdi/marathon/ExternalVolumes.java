// SPDX-License-Identifier: Apache-2.0
package io.dvdi.marathon;

import io.dvdi.volume.InvalidRequestException;
import io.dvdi.volume.Options;
import io.dvdi.volume.Text;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.regex.Pattern;

/**
 * Reads the external volumes of an app, with the rules of Marathon's DVDIProvider.scala and
 * AppValidation.scala.
 */
final class ExternalVolumes {
  private static final String PROVIDER = "dvdi";
  private static final String PREFIX = PROVIDER + "/";
  private static final String DRIVER = PREFIX + "driver";
  private static final String REXRAY = "rexray";

  // OptionLabelPatterns in Marathon's Volume.scala.
  private static final String LABEL_SYNTAX = "[a-z0-9](?:[-a-z0-9]*[a-z0-9])?";
  private static final Pattern LABEL = Pattern.compile(LABEL_SYNTAX);
  private static final Pattern OPTION =
      Pattern.compile(LABEL_SYNTAX + "/[A-Za-z0-9](?:[-A-Za-z0-9._:]*[A-Za-z0-9])?");

  private final VolumeForm form;
  private final Consumer<String> warnings;

  /**
   * @param warnings told what of a volume will have no effect
   */
  ExternalVolumes(VolumeForm form, Consumer<String> warnings) {
    this.form = form;
    this.warnings = warnings;
  }

  /**
   * @param volumes those of {@code container.volumes} that have {@code external}
   */
  List<ExternalVolume> read(List<JsonField> volumes) {
    List<ExternalVolume> external = new ArrayList<>();
    Set<String> names = new HashSet<>();
    for (JsonField field : volumes) {
      ExternalVolume volume = read(field);
      // By name alone: in Marathon two drivers do not make two volumes.
      if (!names.add(volume.name())) {
        throw field.invalid(
            "requests the volume %s again; Marathon allows each name only once in an app, also with different drivers"
                .formatted(Text.quote(volume.name())));
      }
      external.add(volume);
    }
    return external;
  }

  private ExternalVolume read(JsonField volume) {
    JsonField external = volume.require("external", "an object").object();
    JsonField provider = external.require("provider", "'dvdi'");
    if (!provider.text().equals(PROVIDER)) {
      throw provider.invalid(
          "is %s; this module serves volumes of the provider 'dvdi' only"
              .formatted(Text.quote(provider.text())));
    }
    return new ExternalVolume(
        volume.path(),
        containerPath(volume),
        name(external),
        driver(external),
        options(external),
        external.find("shared").map(JsonField::truth).orElse(false)
            && form != VolumeForm.VARIABLES);
  }

  private static String containerPath(JsonField volume) {
    JsonField field =
        volume.require("containerPath", "the path of the volume in the task, such as 'data'");
    String path = field.text();
    if (path.isEmpty() || path.equals(".") || path.equals("..")) {
      throw field.invalid(
          "is %s; write a folder such as 'data' (in the sandbox) or '/var/lib/data'"
              .formatted(Text.quote(path)));
    }
    JsonField mode = volume.require("mode", "'RW'");
    if (!mode.text().equals("RW")) {
      throw mode.invalid(
          "is %s; Marathon allows only 'RW' for an external volume of a MESOS container"
              .formatted(Text.quote(mode.text())));
    }
    return path;
  }

  private String name(JsonField external) {
    JsonField field = external.require("name", "the volume's name");
    String name = field.text();
    if (name.isEmpty()) {
      throw field.invalid("is empty; write the volume's name");
    }
    if (form == VolumeForm.VARIABLES && !LABEL.matcher(name).matches()) {
      throw notLabel(field, name);
    }
    return name;
  }

  private static String driver(JsonField external) {
    JsonField options = external.require("options", "an object with 'dvdi/driver'").object();
    JsonField field = options.require(DRIVER, "the name of a volume driver, such as 'rexray'");
    String driver = field.text();
    if (!LABEL.matcher(driver).matches()) {
      throw notLabel(field, driver);
    }
    return driver;
  }

  private static InvalidAppException notLabel(JsonField field, String value) {
    return field.invalid(
        "is %s; Marathon allows lower-case letters, digits and hyphens there, without a hyphen at the start or end"
            .formatted(Text.quote(value)));
  }

  private Options options(JsonField external) {
    JsonField field = external.require("options", "an object");
    boolean rexray = field.find(DRIVER).map(JsonField::text).equals(Optional.of(REXRAY));
    Map<String, String> options = new LinkedHashMap<>();
    for (Map.Entry<String, JsonField> option : field.fields()) {
      String key = option.getKey();
      String value = option.getValue().text().trim();
      if (!OPTION.matcher(key).matches()) {
        throw option
            .getValue()
            .invalid(
                "has a key that Marathon refuses; write provider/name, as in 'dvdi/iops', from"
                    + " letters, digits and - . _ :");
      }
      if (!key.startsWith(PREFIX)) {
        warnings.accept(
            option.getValue().path()
                + " is not passed to the driver; only keys that start with 'dvdi/' do");
      } else if (!key.toLowerCase(Locale.ROOT).equals(DRIVER)) {
        if (rexray) {
          checkRexray(option.getValue(), key.substring(PREFIX.length()), value);
        }
        options.put(key.substring(PREFIX.length()), value);
      }
    }
    external.find("size").ifPresent(size -> options.put("size", Long.toString(size(size))));
    try {
      return Options.of(options);
    } catch (InvalidRequestException e) {
      throw field.invalid("cannot be passed on: " + e.getMessage());
    }
  }

  private long size(JsonField field) {
    long size = field.count();
    if (size == 0 && form == VolumeForm.VARIABLES) {
      throw field.invalid("is 0; write the size in GiB, or remove it");
    }
    return size;
  }

  /**
   * The value after trimming, where Marathon itself takes the value as written: it refuses {@code "
   * 150 "} for iops. The value is not shown, as none is.
   */
  private static void checkRexray(JsonField field, String name, String value) {
    boolean good =
        switch (name) {
          case "volumetype", "newfstype" -> LABEL.matcher(value).matches();
          case "iops" -> isPositive(value);
          case "overwritefs" -> value.equalsIgnoreCase("true") || value.equalsIgnoreCase("false");
          default -> true;
        };
    if (!good) {
      throw field.invalid(
          "is not valid for the driver rexray; Marathon requires "
              + switch (name) {
                case "iops" -> "a whole number above 0";
                case "overwritefs" -> "'true' or 'false'";
                default ->
                    "lower-case letters, digits and hyphens, without a hyphen at the start or end";
              });
    }
  }

  private static boolean isPositive(String value) {
    try {
      return Long.parseLong(value) > 0;
    } catch (NumberFormatException e) {
      return false;
    }
  }
}
