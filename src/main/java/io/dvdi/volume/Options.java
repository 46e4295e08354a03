// SPDX-License-Identifier: Apache-2.0
package io.dvdi.volume;

import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Predicate;

/**
 * The options of a volume, in the order in which they were written: those that the task gave, and
 * then the operator's default options. Values may be secrets, such as a CIFS password. So {@link
 * #toString} masks them, and {@link #values} must not be logged. Immutable.
 *
 * <p>Two sets are equal if they contain the same options in any order, because Marathon does not
 * preserve the order, and if the task gave the same of them.
 */
public final class Options {
  /** No options. */
  public static final Options NONE = new Options(Map.of(), Set.of());

  private static final int LONGEST = 64 * 1024;

  /** Each option needs space in a record, and time when values are masked in a message. */
  private static final int MOST = 1000;

  private final Map<String, String> values;

  /** The names of the default options. */
  private final Set<String> defaults;

  private Options(Map<String, String> values, Set<String> defaults) {
    this.values = Collections.unmodifiableMap(values);
    this.defaults = Set.copyOf(defaults);
  }

  /**
   * Checks options.
   *
   * @param field the variable or field, for messages
   * @throws InvalidRequestException if an option is invalid, or if there are too many
   */
  static Options of(String field, Iterable<Map.Entry<String, String>> entries) {
    Map<String, String> values = new LinkedHashMap<>();
    long length = 0;
    for (Map.Entry<String, String> entry : entries) {
      String name = entry.getKey();
      if (name.isEmpty()) {
        throw new InvalidRequestException(
            field + " has an option without a name; write name=value");
      }
      Text.check(field + ": the option name", name, LONGEST);
      // The value itself is not shown: it may be a secret.
      if (Text.isBroken(entry.getValue())) {
        throw new InvalidRequestException(
            "%s: the value of option %s has a control character or broken text; remove it"
                .formatted(field, Text.quote(name)));
      }
      length += name.length() + entry.getValue().length();
      if (length > LONGEST) {
        throw tooLong(field);
      }
      if (values.putIfAbsent(name, entry.getValue()) != null) {
        throw new InvalidRequestException(
            "%s contains the option %s twice; keep one".formatted(field, Text.quote(name)));
      }
      if (values.size() > MOST) {
        throw new InvalidRequestException("%s has more than %d options".formatted(field, MOST));
      }
    }
    return values.isEmpty() ? NONE : new Options(values, Set.of());
  }

  /** Options from a record or another source that was checked before. */
  public static Options of(Map<String, String> values) {
    return of("options", values.entrySet());
  }

  /**
   * Parses a {@link CommaList} such as {@code size=5,newfstype=xfs}. A value may contain further
   * equal signs.
   *
   * @param field the variable, for messages
   */
  public static Options parse(String field, String list) {
    return of(field, entries(field, list));
  }

  /**
   * As {@link #parse}, but an option may appear several times, and its last value is used, as in
   * dvdcli.
   *
   * @param field the variable, for messages
   */
  public static Options parseLast(String field, String list) {
    Map<String, String> last = new LinkedHashMap<>();
    entries(field, list).forEach(entry -> last.put(entry.getKey(), entry.getValue()));
    return of(field, last.entrySet());
  }

  private static List<Map.Entry<String, String>> entries(String field, String list) {
    if (list.length() > 2 * LONGEST) {
      throw tooLong(field);
    }
    List<Map.Entry<String, String>> entries = new ArrayList<>();
    for (String item : CommaList.items(list)) {
      int equals = item.indexOf('=');
      if (equals < 0) {
        // Not shown: it may be the rest of a secret that has a comma in it.
        throw new InvalidRequestException(
            "%s: item %d of the comma list has no '='; write name=value, and a comma inside a value as \\,"
                .formatted(field, entries.size() + 1));
      }
      entries.add(Map.entry(item.substring(0, equals).strip(), item.substring(equals + 1)));
    }
    return entries;
  }

  private static InvalidRequestException tooLong(String field) {
    return new InvalidRequestException(
        "%s has more than %d characters of options".formatted(field, LONGEST));
  }

  /**
   * Adds the default options that the task did not give itself.
   *
   * @param field names the options in messages
   * @throws InvalidRequestException if there are too many together
   */
  public Options withDefaults(String field, Options more) {
    Map<String, String> all = new LinkedHashMap<>(values);
    Set<String> added = new TreeSet<>(defaults);
    more.values.forEach(
        (name, value) -> {
          if (all.putIfAbsent(name, value) == null) {
            added.add(name);
          }
        });
    return added.isEmpty() ? this : new Options(of(field, all.entrySet()).values, added);
  }

  /** Those that the task gave. */
  public Options given() {
    return defaults.isEmpty() ? this : only(name -> !defaults.contains(name));
  }

  /** Those that the task did not give. */
  public Options defaults() {
    return defaults.isEmpty() ? NONE : only(defaults::contains);
  }

  private Options only(Predicate<String> names) {
    Map<String, String> some = new LinkedHashMap<>(values);
    some.keySet().removeIf(names.negate());
    return some.isEmpty() ? NONE : new Options(some, Set.of());
  }

  /** The options with their values, which may be secrets. Not for logging. */
  public Map<String, String> values() {
    return values;
  }

  public Optional<String> get(String name) {
    return Optional.ofNullable(values.get(name));
  }

  public boolean isEmpty() {
    return values.isEmpty();
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Options options
        && values.equals(options.values)
        && defaults.equals(options.defaults);
  }

  @Override
  public int hashCode() {
    return values.hashCode();
  }

  /** The names, with masked values: {@code size=***,password=***}. */
  @Override
  public String toString() {
    return String.join(",", values.keySet().stream().map(name -> name + "=***").toList());
  }
}
