// SPDX-License-Identifier: Apache-2.0
package io.dvdi.bindings;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.Objects.requireNonNull;
import static java.util.stream.Collectors.joining;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.lang.foreign.GroupLayout;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemoryLayout.PathElement;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * What jextract once read from the headers must be what the C compilers of all processors read from
 * theirs today. A failure means that dvdi.h was changed without bindings/regenerate, or that a
 * platform differs from the one that the bindings were made on.
 */
class LayoutTest {
  private static final String PACKAGE = "io.dvdi.bindings.";
  private static final Path CONTRACT = Path.of("src/main/c/dvdi.h");
  private static final Path BINDINGS = Path.of("bindings");
  private static final Path GENERATED = BINDINGS.resolve("java/io/dvdi/bindings");

  /**
   * Newer kernels turn such room into members, older ones have more of it; nothing here uses any.
   */
  private static final Pattern RESERVED =
      Pattern.compile("(__)?(\\w+_)?(spare|reserved)\\d?|stx_dio_.*");

  @TempDir private Path folder;

  /** A struct, or a typedef of one, with the name that C has for it. */
  private record Struct(String header, String name, String cName, GroupLayout layout) {
    List<MemoryLayout> members() {
      return layout.memberLayouts().stream().filter(m -> m.name().isPresent()).toList();
    }

    Path source() {
      return GENERATED.resolve(header).resolve(name + ".java");
    }
  }

  @Test
  void everyStructOfTheContractIsBoundWithAllItsMembers() throws Exception {
    Map<String, List<String>> declared = new LinkedHashMap<>();
    String header = Files.readString(CONTRACT).replaceAll("(?s)/\\*.*?\\*/", "");
    for (MatchResult struct : find("(?s)struct (\\w+) \\{(.*?)\\n\\};", header)) {
      declared.put(
          struct.group(1),
          find("(?s)(?:\\(\\*(\\w+)\\)[^;]*|\\b(\\w+));", struct.group(2)).stream()
              .map(m -> m.group(1) != null ? m.group(1) : m.group(2))
              .toList());
    }
    Map<String, List<String>> bound = new LinkedHashMap<>();
    for (Struct struct : structs("contract", "dvdi")) {
      bound.put(struct.name(), struct.members().stream().map(m -> m.name().orElseThrow()).toList());
    }

    assertFalse(declared.isEmpty());
    assertEquals(declared, bound, "structs of dvdi.h and of the bindings (bindings/dvdi.includes)");
  }

  @Test
  void everyConstantOfTheContractIsBound() throws Exception {
    List<String> declared =
        find("(?m)^#define (\\w+) +\\S", Files.readString(CONTRACT)).stream()
            .map(m -> m.group(1))
            .sorted()
            .toList();
    List<String> bound =
        constants("contract.dvdi_h").stream().map(Method::getName).sorted().toList();

    assertFalse(declared.isEmpty());
    assertEquals(
        declared, bound, "constants of dvdi.h and of the bindings (bindings/dvdi.includes)");
  }

  @ParameterizedTest
  @ValueSource(strings = {"x86_64", "aarch64"})
  void layoutsAndConstantsAreThoseOfTheCompiler(String processor) throws Exception {
    Map<String, Long> bound = new LinkedHashMap<>();
    for (Struct struct : structs()) {
      bound.put("sizeof(" + struct.cName() + ")", struct.layout().byteSize());
      bound.put("_Alignof(" + struct.cName() + ")", struct.layout().byteAlignment());
      for (MemoryLayout member : struct.members()) {
        String name = member.name().orElseThrow();
        if (!RESERVED.matcher(name).matches()) {
          bound.put(
              "offsetof(" + struct.cName() + ", " + name + ")",
              struct.layout().byteOffset(PathElement.groupElement(name)));
          bound.put("sizeof(((" + struct.cName() + " *)0)->" + name + ")", member.byteSize());
        }
      }
    }
    for (String header : List.of("contract.dvdi_h", "libc.libc_h", "libc.libc_" + processor)) {
      for (Method constant : constants(header)) {
        boolean isInt = constant.getReturnType() == int.class;
        bound.put(
            "sizeof(" + constant.getName() + ")", (long) (isInt ? Integer.BYTES : Long.BYTES));
        // The cast: an unsigned int of C, such as a file system's magic, is an int of Java with the
        // same bits.
        bound.put(
            (isInt ? "(int)(" : "(long)(") + constant.getName() + ")",
            ((Number) requireNonNull(constant.invoke(null))).longValue());
      }
    }
    assertTrue(
        bound.size() > 400, () -> "only " + bound.size() + " facts: the bindings were not found");

    Map<String, Long> compiled = compilerValues(processor, bound.keySet());
    List<String> different =
        bound.keySet().stream()
            .filter(fact -> !bound.get(fact).equals(compiled.get(fact)))
            .map(fact -> fact + ": bound " + bound.get(fact) + ", compiled " + compiled.get(fact))
            .toList();
    assertEquals(List.of(), different);
  }

  /**
   * C refuses a second declaration of a name unless its type is the same: signs, pointers and
   * parameters too.
   */
  @ParameterizedTest
  @ValueSource(strings = {"x86_64", "aarch64"})
  void typesOfMembersAndFunctionsAreThoseOfTheCompiler(String processor) throws Exception {
    StringBuilder program = new StringBuilder(includes());
    int declarations = 0;
    for (Struct struct : structs()) {
      program.append("void check_%s(void) {\n".formatted(struct.name()));
      String source = Files.readString(struct.source());
      for (MatchResult field :
          // Indented by four: not those of a type within.
          find("\n {5}\\* Layout for field:\\s+\\* \\{@snippet lang=c :\\s+\\* (.*)\\n", source)) {
        String declaration = field.group(1);
        if (declaration.endsWith("{")) {
          continue; // a union without a name, whose size and offset were compared
        }
        String name =
            find("\\(\\*(\\w+)\\)|(\\w+)(?:\\[\\d+])*$", declaration).stream()
                .map(m -> m.group(1) != null ? m.group(1) : m.group(2))
                .findFirst()
                .orElseThrow();
        if (!RESERVED.matcher(name).matches()) {
          program.append(
              "  { typedef %s; typedef __typeof__(((%s *)0)->%s) %s; }\n"
                  .formatted(declaration, struct.cName(), name, name));
          declarations++;
        }
      }
      program.append("}\n");
    }
    String functions = Files.readString(GENERATED.resolve("libc/libc_h.java"));
    for (String declaration :
        new TreeSet<>(
            find("\\{@snippet lang=c :\\s+\\* ([^#\\n]*\\))\\n", functions).stream()
                .map(m -> m.group(1))
                .toList())) {
      program.append(declaration).append(";\n");
      declarations++;
    }
    int found = declarations;
    assertTrue(
        found > 100,
        () -> "only " + found + " declarations: the comments of the bindings were not found");

    compile(processor, program.toString(), "-fsyntax-only");
  }

  private static List<Struct> structs() throws Exception {
    return Stream.concat(structs("contract", "dvdi").stream(), structs("libc", "libc").stream())
        .toList();
  }

  private static List<Struct> structs(String header, String includes) throws Exception {
    List<Struct> structs = new ArrayList<>();
    String list = Files.readString(BINDINGS.resolve(includes + ".includes"));
    for (MatchResult line : find("(?m)^--include-(struct|typedef) (\\w+)$", list)) {
      String name = line.group(2);
      String cName = line.group(1).equals("struct") ? "struct " + name : name;
      Object layout = Class.forName(PACKAGE + header + "." + name).getMethod("layout").invoke(null);
      structs.add(new Struct(header, name, cName, (GroupLayout) requireNonNull(layout)));
    }
    return structs;
  }

  /**
   * jextract makes a method without parameters of each constant, in capitals as the constant is.
   */
  private static List<Method> constants(String header) throws Exception {
    return Stream.of(Class.forName(PACKAGE + header).getDeclaredMethods())
        .filter(m -> Modifier.isPublic(m.getModifiers()) && m.getParameterCount() == 0)
        .filter(m -> m.getReturnType() == int.class || m.getReturnType() == long.class)
        .filter(m -> Character.isUpperCase(m.getName().charAt(0)))
        .toList();
  }

  /**
   * Reads them from the assembly code, since a program for another processor cannot run here. It is
   * never assembled, so any line will do.
   */
  private Map<String, Long> compilerValues(String processor, Set<String> expressions)
      throws Exception {
    String lines =
        expressions.stream()
            .map(e -> "  __asm__(\"fact %%c0 %s\" : : \"i\"((long long)(%s)));\n".formatted(e, e))
            .collect(joining());
    String assembly = compile(processor, includes() + "void facts(void) {\n" + lines + "}\n", "-S");
    Map<String, Long> values = new LinkedHashMap<>();
    for (MatchResult fact : find("(?m)^\\s*fact (-?\\d+) (.*)$", assembly)) {
      values.put(fact.group(2), Long.valueOf(fact.group(1)));
    }
    return values;
  }

  /** libc.h first: it asks for GNU's declarations, which must come before any other header. */
  private static String includes() {
    return Stream.of(BINDINGS.resolve("libc.h"), CONTRACT)
        .map(header -> "#include \"" + header.toAbsolutePath() + "\"\n")
        .collect(joining("", "", "#include <stddef.h>\n"));
  }

  /** What the compiler for a processor writes. */
  private String compile(String processor, String source, String option) throws Exception {
    Path file = Files.writeString(folder.resolve("layout.c"), source);
    String here = System.getProperty("os.arch").replace("amd64", "x86_64");
    String compiler = processor.equals(here) ? "cc" : processor + "-linux-gnu-gcc";
    return run(List.of(compiler, "-std=gnu11", "-Werror", option, "-o", "-", file.toString()));
  }

  private String run(List<String> command) throws IOException, InterruptedException {
    Path output = folder.resolve("output");
    Process process;
    try {
      process =
          new ProcessBuilder(command)
              .redirectErrorStream(true)
              .redirectOutput(output.toFile())
              .start();
    } catch (IOException e) {
      throw new AssertionError(
          "the compiler %s is missing; bin/check installs it".formatted(command.get(0)), e);
    }
    try {
      assertTrue(
          process.waitFor(60, TimeUnit.SECONDS), () -> command + " did not end within a minute");
      String text = Files.readString(output, UTF_8);
      assertEquals(0, process.exitValue(), () -> command + " failed:\n" + text);
      return text;
    } finally {
      process.destroyForcibly();
    }
  }

  private static List<MatchResult> find(String regex, String text) {
    return Pattern.compile(regex).matcher(text).results().toList();
  }
}
