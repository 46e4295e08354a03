// SPDX-License-Identifier: Apache-2.0
package io.dvdi.volume;

import static java.util.Map.entry;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * An option's value may be a password: nothing that is printed may have it, whatever else is wrong
 * with a request.
 */
class SecretValuesTest {
  private static final String SECRET = "hunter2";

  /** Lists that hold the secret as a value or a part of one, right and wrong ones. */
  static List<String> lists() {
    return List.of(
        "password=" + SECRET,
        "password=" + SECRET + ",password=" + SECRET,
        "password=" + SECRET + "\n",
        "password=\0" + SECRET,
        "password=" + SECRET + "\uFFFD",
        "password=abc," + SECRET,
        "password=" + SECRET + ",x",
        "password=" + SECRET + ",=",
        "=" + SECRET,
        "a=1,=" + SECRET,
        "\n=" + SECRET,
        SECRET,
        "o=username=joe\\,password=" + SECRET);
  }

  @ParameterizedTest
  @MethodSource("lists")
  void noListIsShownWhateverIsWrongWithIt(String list) {
    assertSilent(Asking.environment("DVDI_VOLUME_NAME", "pg", "DVDI_VOLUME_OPTS", list));
    assertSilent(Asking.environment("DVDI_VOLUME_OPTS3", list));
    assertSilent(Asking.environment("DVDI_VOLUME_NAME", "", "DVDI_VOLUME_OPTS", list));
    assertSilent(
        Asking.environment(
            "DVDI_VOLUME_NAME", "pg", "DVDI_VOLUME_OPTS", list, "DVDI_VOLUME_OPTS0", "a=1"));
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3})
  void noRequestMadeAtRandomShowsTheSecret(long seed) {
    Random random = new Random(seed);
    int refused = 0;
    for (int i = 0; i < 2_000; i++) {
      if (assertSilent(environment(random), volumes(random))) {
        refused++;
      }
    }
    assertNotEquals(0, refused, "requests that are refused, or this test tests nothing");
    assertNotEquals(2_000, refused, "requests that are served, or this test tests nothing");
  }

  @Test
  void theFilesOfTheModelMaskThem() {
    Options options = Options.of(Map.of("password", SECRET));
    VolumeRequest request =
        Asking.ask("DVDI_VOLUME_NAME", "pg", "DVDI_VOLUME_OPTS", "password=" + SECRET).get(0);

    for (Object printed : List.of(options, request, List.of(request), Optional.of(options))) {
      assertFalse(printed.toString().contains(SECRET), printed.toString());
    }
  }

  private static List<Map.Entry<String, String>> environment(Random random) {
    List<Map.Entry<String, String>> environment = new ArrayList<>();
    for (int i = random.nextInt(5); i > 0; i--) {
      String slot = pick(random, "", "", "0", "1", "9", "10", "x");
      switch (random.nextInt(6)) {
        case 0, 1 ->
            environment.add(entry("DVDI_VOLUME_NAME" + slot, pick(random, "pg", "lg", "")));
        case 2 -> environment.add(entry("DVDI_VOLUME_OPTS" + slot, list(random)));
        case 3 ->
            environment.add(entry("DVDI_VOLUME_DRIVER" + slot, pick(random, "a", "b", "", "..")));
        case 4 ->
            environment.add(
                entry(
                    "DVDI_VOLUME_CONTAINERPATH" + slot, pick(random, "a", "/b", "..", "", "a\nb")));
        default ->
            environment.add(
                entry(
                    "DVDI_VOLUME_" + pick(random, "EXPLICITCREATE", "MOUNTPOINT", "DVDCLI") + slot,
                    pick(random, "true", "no")));
      }
    }
    return environment;
  }

  private static ContainerVolume[] volumes(Random random) {
    ContainerVolume[] volumes = new ContainerVolume[random.nextInt(3)];
    for (int i = 0; i < volumes.length; i++) {
      List<Map.Entry<String, String>> options = new ArrayList<>();
      for (int o = random.nextInt(3); o > 0; o--) {
        options.add(entry(pick(random, "password", "", "a", "b", "\0"), value(random)));
      }
      volumes[i] =
          new ContainerVolume(
              random.nextBoolean() ? Optional.empty() : Optional.of(pick(random, "a", "b", "..")),
              pick(random, "pg", "lg", "a\tb"),
              pick(random, "a", "/b", "..", "a/./b"),
              options,
              random.nextBoolean());
    }
    return volumes;
  }

  private static String list(Random random) {
    StringBuilder list = new StringBuilder();
    for (int i = random.nextInt(4); i > 0; i--) {
      list.append(pick(random, "password=", "a=", "b=", "=", "")).append(value(random));
      list.append(pick(random, ",", ",,"));
    }
    return list.toString();
  }

  private static String value(Random random) {
    return pick(random, "", "x", "=", "\\,") + SECRET + pick(random, "", "\n", "\uD800", " ");
  }

  private static String pick(Random random, String... choices) {
    return choices[random.nextInt(choices.length)];
  }

  /** Returns whether the request was refused. */
  private static boolean assertSilent(
      List<Map.Entry<String, String>> environment, ContainerVolume... volumes) {
    String printed;
    boolean refused = false;
    try {
      printed =
          VolumeRequests.parse(environment, List.of(volumes), Asking.DEFAULT_DRIVER).toString();
    } catch (InvalidRequestException e) {
      printed = e.toString();
      refused = true;
    }
    String text = printed;
    assertFalse(text.contains(SECRET), () -> text + "\n for " + environment + List.of(volumes));
    return refused;
  }
}
