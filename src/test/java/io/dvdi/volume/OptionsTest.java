// SPDX-License-Identifier: Apache-2.0
package io.dvdi.volume;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class OptionsTest {
  private static final String FIELD = "DVDI_VOLUME_OPTS";

  static List<Arguments> lists() {
    return List.of(
        Arguments.of("", Map.of()),
        Arguments.of(" ", Map.of()),
        Arguments.of(",,", Map.of()),
        Arguments.of("size=5", Map.of("size", "5")),
        Arguments.of("size=5,newfstype=xfs", Map.of("size", "5", "newfstype", "xfs")),
        Arguments.of(",size=5,, ,newfstype=xfs,", Map.of("size", "5", "newfstype", "xfs")),
        Arguments.of(" size =5", Map.of("size", "5")),
        Arguments.of("size= 5 ", Map.of("size", " 5 ")),
        Arguments.of("empty=", Map.of("empty", "")),
        Arguments.of("o=addr=10.0.0.1", Map.of("o", "addr=10.0.0.1")),
        Arguments.of("o=a==b", Map.of("o", "a==b")),
        Arguments.of("o=ro\\,noexec,size=5", Map.of("o", "ro,noexec", "size", "5")),
        Arguments.of("user=DOM\\me", Map.of("user", "DOM\\me")),
        Arguments.of("path=\\\\nas\\dir", Map.of("path", "\\\\nas\\dir")),
        Arguments.of("a=\\\\\\,b", Map.of("a", "\\\\,b")),
        Arguments.of("end=\\", Map.of("end", "\\")),
        Arguments.of("a=$(reboot);`x` 'y' \"z\"", Map.of("a", "$(reboot);`x` 'y' \"z\"")),
        Arguments.of("größe=ü", Map.of("größe", "ü")),
        Arguments.of("Size=1,size=2", Map.of("Size", "1", "size", "2")));
  }

  @ParameterizedTest
  @MethodSource("lists")
  void aCommaListIsRead(String list, Map<String, String> options) {
    assertEquals(options, Options.parse(FIELD, list).values());
  }

  @Test
  void theOrderIsKept() {
    assertEquals(
        List.of("z", "a", "m"), List.copyOf(Options.parse(FIELD, "z=1,a=2,m=3").values().keySet()));
  }

  @Test
  void anItemWithoutEqualsSignIsRefusedByItsNumber() {
    String refusal = refusal("user=joe,password=hunt,er2");

    assertTrue(refusal.startsWith(FIELD + ": item 3 of the comma list has no '='"), refusal);
    assertTrue(refusal.contains("\\,"), "how to write a comma: " + refusal);
  }

  @Test
  void anOptionTwiceIsRefusedAlsoWithTheSameValue() {
    assertTrue(refusal("size=5,size=6").contains(FIELD + " contains the option 'size' twice"));
    assertTrue(refusal("size=5, size=5").contains(FIELD + " contains the option 'size' twice"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"=5", " =5", "a=1,=2"})
  void anOptionWithoutANameIsRefused(String list) {
    assertTrue(refusal(list).contains(FIELD + " has an option without a name; write name=value"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"a\nb=1", "a\0=1", "a\uFFFD=1", "a\uDC00=1"})
  void aNameWithBrokenTextIsRefused(String list) {
    String refusal = refusal(list);

    assertTrue(refusal.contains(FIELD + ": the option name 'a"), refusal);
    assertEquals(1, refusal.lines().count(), refusal);
  }

  @ParameterizedTest
  @ValueSource(strings = {"a=x\ny", "a=x\0", "a=x\u001b[2J", "a=x\uFFFD", "a=\uD800x"})
  void aValueWithBrokenTextIsRefused(String list) {
    assertTrue(refusal(list).contains(FIELD + ": the value of option 'a' has a control character"));
  }

  @Test
  void aNameHasAnEnd() {
    assertTrue(refusal("n".repeat(64 * 1024 + 1) + "=1").contains("at most 65536 are possible"));
  }

  @Test
  void theSameOptionsInAnotherOrderAreEqual() {
    Options one = Options.parse(FIELD, "a=1,b=2");
    Options other = Options.parse(FIELD, "b=2,a=1");

    assertEquals(one, other);
    assertEquals(one.hashCode(), other.hashCode());
    assertNotEquals(one, Options.parse(FIELD, "a=1,b=3"));
    assertNotEquals(one, Options.NONE);
  }

  @Test
  void optionsAreFoundByName() {
    Options options = Options.of(Map.of("size", "5"));

    assertEquals(Optional.of("5"), options.get("size"));
    assertEquals(Optional.empty(), options.get("Size"));
    assertTrue(Options.of(Map.of()).isEmpty());
  }

  @Test
  void whatTheTaskGaveWinsOverDefaultOptionsKeyByKey() {
    Options given = Options.parse(FIELD, "size=5,iops=150");
    Options all = given.withDefaults(FIELD, Options.parse(FIELD, "newfstype=xfs,size=1,zone=a"));

    assertEquals(
        List.of("size=5", "iops=150", "newfstype=xfs", "zone=a"),
        all.values().entrySet().stream().map(Object::toString).toList());
    assertEquals(given, all.given());
    assertEquals(Options.parse(FIELD, "newfstype=xfs,zone=a"), all.defaults());
  }

  @Test
  void withoutDefaultOptionsNothingChanges() {
    Options given = Options.parse(FIELD, "size=5");

    assertEquals(given, given.withDefaults(FIELD, Options.NONE));
    assertEquals(given, given.withDefaults(FIELD, Options.parse(FIELD, "size=1")));
    assertEquals(given, given.given());
    assertEquals(Options.NONE, given.defaults());
    assertEquals(Options.NONE, Options.NONE.withDefaults(FIELD, given).given());
  }

  /** A record that has the same values is not the same: what its task gave would be lost. */
  @Test
  void givenOptionsAndDefaultOptionsAreNotEqual() {
    Options given = Options.parse(FIELD, "size=5");
    Options byDefault = Options.NONE.withDefaults(FIELD, given);

    assertEquals(given.values(), byDefault.values());
    assertNotEquals(given, byDefault);
    assertEquals(byDefault, Options.NONE.withDefaults(FIELD, given));
  }

  /** Otherwise the record could not be read. */
  @Test
  void togetherTheyHaveTheLimitsOfOneList() {
    Map<String, String> most = new LinkedHashMap<>();
    for (int i = 0; i < 1000; i++) {
      most.put("o" + i, "");
    }
    Options all = Options.of(most);
    Options one = Options.parse(FIELD, "password=hunter2");

    String refusal =
        String.valueOf(
            assertThrows(
                    InvalidRequestException.class,
                    () -> one.withDefaults(FIELD + " with defaults", all))
                .getMessage());

    assertEquals(FIELD + " with defaults has more than 1000 options", refusal);
    assertEquals(all, all.withDefaults(FIELD, Options.parse(FIELD, "o1=x")));
  }

  @Test
  void printedTheyShowNamesOnly() {
    Map<String, String> options = new LinkedHashMap<>();
    options.put("size", "5");
    options.put("password", "hunter2");

    assertEquals("size=***,password=***", Options.of(options).toString());
    assertEquals(
        "a=***,size=***,password=***",
        Options.parse(FIELD, "a=1").withDefaults(FIELD, Options.of(options)).toString());
  }

  @Test
  void nobodyCanChangeThem() {
    assertThrows(
        UnsupportedOperationException.class,
        () -> Options.of(Map.of("a", "1")).values().put("b", "2"));
  }

  private static String refusal(String list) {
    return String.valueOf(
        assertThrows(InvalidRequestException.class, () -> Options.parse(FIELD, list)).getMessage());
  }
}
