// SPDX-License-Identifier: Apache-2.0
package io.dvdi;

import static com.tngtech.archunit.base.DescribedPredicate.describe;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.Architectures.layeredArchitecture;

import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;
import java.util.Set;

/** The arrows of ARCHITECTURE.md. */
@AnalyzeClasses(packages = "io.dvdi", importOptions = ImportOption.DoNotIncludeTests.class)
class ArchitectureTest {
  @ArchTest
  static final ArchRule arrowsPointOneWay =
      layeredArchitecture()
          .consideringOnlyDependenciesInLayers()
          .layer("volume")
          .definedBy("io.dvdi.volume")
          .layer("log")
          .definedBy("io.dvdi.log")
          .layer("json")
          .definedBy("io.dvdi.json")
          .layer("lifecycle")
          .definedBy("io.dvdi.lifecycle")
          .layer("driver")
          .definedBy("io.dvdi.driver")
          .layer("program")
          .definedBy("io.dvdi.driver.program")
          .layer("local")
          .definedBy("io.dvdi.driver.local")
          .layer("plugin")
          .definedBy("io.dvdi.driver.plugin")
          .layer("dvdcli")
          .definedBy("io.dvdi.driver.dvdcli")
          .layer("installed")
          .definedBy("io.dvdi.driver.installed")
          .layer("mount")
          .definedBy("io.dvdi.mount")
          .layer("checkpoint")
          .definedBy("io.dvdi.checkpoint")
          .layer("predecessor")
          .definedBy("io.dvdi.predecessor")
          .layer("linux")
          .definedBy("io.dvdi.linux")
          .layer("isolator")
          .definedBy("io.dvdi.isolator")
          .layer("module")
          .definedBy("io.dvdi.module")
          .layer("marathon")
          .definedBy("io.dvdi.marathon")
          .layer("cli")
          .definedBy("io.dvdi.cli", "io.dvdi.cli.volume")
          .layer("libc")
          .definedBy("io.dvdi.bindings.libc")
          .layer("contract")
          .definedBy("io.dvdi.bindings.contract")
          .whereLayer("cli")
          .mayNotBeAccessedByAnyLayer()
          .whereLayer("marathon")
          .mayOnlyBeAccessedByLayers("cli")
          .whereLayer("module")
          .mayNotBeAccessedByAnyLayer()
          .whereLayer("isolator")
          .mayOnlyBeAccessedByLayers("module")
          .whereLayer("checkpoint")
          .mayOnlyBeAccessedByLayers("isolator", "predecessor", "module")
          .whereLayer("predecessor")
          .mayOnlyBeAccessedByLayers("module")
          .whereLayer("local")
          .mayOnlyBeAccessedByLayers("module")
          .whereLayer("plugin")
          .mayOnlyBeAccessedByLayers("installed", "module", "cli")
          .whereLayer("dvdcli")
          .mayOnlyBeAccessedByLayers("installed", "module")
          .whereLayer("installed")
          .mayOnlyBeAccessedByLayers("module")
          .whereLayer("program")
          .mayOnlyBeAccessedByLayers("local", "dvdcli")
          .whereLayer("json")
          .mayOnlyBeAccessedByLayers("plugin", "predecessor", "marathon")
          .whereLayer("lifecycle")
          .mayOnlyBeAccessedByLayers(
              "driver",
              "local",
              "plugin",
              "dvdcli",
              "mount",
              "checkpoint",
              "predecessor",
              "linux",
              "isolator")
          .whereLayer("mount")
          .mayOnlyBeAccessedByLayers("isolator", "linux", "local", "predecessor", "module")
          .whereLayer("driver")
          .mayOnlyBeAccessedByLayers(
              "local",
              "plugin",
              "dvdcli",
              "installed",
              "program",
              "isolator",
              "predecessor",
              "module",
              "cli")
          .whereLayer("linux")
          .mayOnlyBeAccessedByLayers("local", "plugin", "checkpoint", "predecessor", "module")
          .whereLayer("contract")
          .mayOnlyBeAccessedByLayers("module")
          .whereLayer("libc")
          .mayOnlyBeAccessedByLayers("linux", "module")
          .ensureAllClassesAreContainedInArchitectureIgnoring("io.dvdi");

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
          .resideOutsideOfPackage("io.dvdi.driver.program")
          .should()
          .dependOnClassesThat(
              describe(
                  "ProcessBuilder or Runtime",
                  type ->
                      Set.of("java.lang.ProcessBuilder", "java.lang.Runtime")
                          .contains(type.getName())));

  @ArchTest
  static final ArchRule domainImportsNothingButTheBase =
      noClasses()
          .that()
          .resideInAnyPackage("io.dvdi.volume", "io.dvdi.log")
          .should()
          .dependOnClassesThat(
              resideInAPackage("io.dvdi..")
                  .and(
                      describe(
                          "outside of the domain",
                          type ->
                              !Set.of("io.dvdi.volume", "io.dvdi.log")
                                  .contains(type.getPackageName()))));
}
