// SPDX-License-Identifier: Apache-2.0
package io.dvdi;

import static com.tngtech.archunit.base.DescribedPredicate.describe;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static org.junit.jupiter.api.Assertions.assertEquals;

import com.tngtech.archunit.core.domain.Dependency;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaConstructor;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/** The arrows of ARCHITECTURE.md. */
@AnalyzeClasses(packages = "io.dvdi", importOptions = ImportOption.DoNotIncludeTests.class)
class ArchitectureTest {
  private static final String ROOT = "io.dvdi.";

  /**
   * A package.
   *
   * @param name without io.dvdi
   * @param users the packages that may use it
   */
  private record Layer(String name, Set<String> users) {
    boolean mayBeUsedBy(Layer other) {
      return users.isEmpty() || users.contains(other.name);
    }
  }

  /** A package that all above it may use. */
  private static Layer open(String name) {
    return new Layer(name, Set.of());
  }

  /** A package that these may use, and no others. */
  private static Layer only(String name, String... users) {
    return new Layer(name, Set.of(users));
  }

  /** All packages, low to high: each may use only those before it. */
  private static final List<Layer> LOW_TO_HIGH =
      List.of(
          only("bindings.contract", "module"),
          only("bindings.libc", "linux"),
          open("volume"),
          only("json", "marathon", "checkpoint", "driver.plugin", "predecessor"),
          only("marathon", "cli"),
          open("lifecycle"),
          open("log"),
          only(
              "linux",
              "driver.local",
              "driver.plugin",
              "driver.dvdcli",
              "checkpoint",
              "predecessor",
              "module",
              "cli"),
          open("driver"),
          only("driver.local", "module"),
          only("driver.plugin", "module", "cli.volume"),
          only("driver.dvdcli", "module"),
          only("checkpoint", "predecessor", "isolator", "module"),
          only("predecessor", "module"),
          only("isolator", "module"),
          open("module"),
          only("cli.volume", "cli"),
          open("cli"));

  /** More belong into a type of their own. */
  private static final int MOST_PARAMETERS = 6;

  @ArchTest
  static void noArrowRunsUp(JavaClasses classes) {
    Set<String> wrong = new TreeSet<>();
    for (JavaClass type : classes) {
      for (Dependency arrow : type.getDirectDependenciesFromSelf()) {
        String from = arrow.getOriginClass().getPackageName();
        String to = arrow.getTargetClass().getPackageName();
        if (to.startsWith(ROOT) && !from.equals(to) && !isAllowed(layerOf(from), layerOf(to))) {
          wrong.add(
              arrow.getOriginClass().getFullName() + " -> " + arrow.getTargetClass().getFullName());
        }
      }
    }
    assertEquals("", String.join("\n", wrong));
  }

  private static boolean isAllowed(Layer from, Layer to) {
    return LOW_TO_HIGH.indexOf(to) < LOW_TO_HIGH.indexOf(from) && to.mayBeUsedBy(from);
  }

  private static Layer layerOf(String whole) {
    String name = whole.substring(ROOT.length());
    return LOW_TO_HIGH.stream()
        .filter(layer -> layer.name.equals(name))
        .findFirst()
        .orElseThrow(() -> new AssertionError("LOW_TO_HIGH does not have " + whole));
  }

  @ArchTest
  static void constructorsHaveFewParameters(JavaClasses classes) {
    List<String> wrong = new ArrayList<>();
    for (JavaClass type : classes) {
      for (JavaConstructor constructor : type.getConstructors()) {
        if (declaredParameters(constructor) > MOST_PARAMETERS
            && !type.getPackageName().startsWith("io.dvdi.bindings")) {
          wrong.add(constructor.getFullName());
        }
      }
    }
    assertEquals("", String.join("\n", wrong));
  }

  /** Without those that the compiler adds. */
  private static int declaredParameters(JavaConstructor constructor) {
    JavaClass type = constructor.getOwner();
    int all = constructor.getRawParameterTypes().size();
    if (type.isEnum()) {
      return all - 2;
    }
    boolean hasOuter = type.isMemberClass() && !type.getModifiers().contains(JavaModifier.STATIC);
    return type.isAnonymousClass() || type.isLocalClass() ? 0 : all - (hasOuter ? 1 : 0);
  }

  @ArchTest
  static final ArchRule foreignMemoryHasItsPlaces =
      noClasses()
          .that()
          .resideOutsideOfPackages("io.dvdi.linux", "io.dvdi.module", "io.dvdi.bindings..")
          .should()
          .dependOnClassesThat()
          .resideInAPackage("java.lang.foreign..");

  @ArchTest
  static final ArchRule jsonHasItsPlaces =
      noClasses()
          .that()
          .resideOutsideOfPackages(
              "io.dvdi.json",
              "io.dvdi.checkpoint",
              "io.dvdi.driver.plugin",
              "io.dvdi.predecessor",
              "io.dvdi.marathon",
              "io.dvdi.cli")
          .should()
          .dependOnClassesThat()
          .resideInAPackage("com.fasterxml..");

  @ArchTest
  static final ArchRule programsAreStartedInOnePlace =
      noClasses()
          .that()
          .doNotHaveFullyQualifiedName("io.dvdi.driver.Program")
          .should()
          .dependOnClassesThat(
              describe(
                  "ProcessBuilder or Runtime",
                  type ->
                      Set.of("java.lang.ProcessBuilder", "java.lang.Runtime")
                          .contains(type.getName())));
}
