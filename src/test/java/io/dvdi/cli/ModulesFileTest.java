// SPDX-License-Identifier: Apache-2.0
package io.dvdi.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A modules.json, good and bad. */
class ModulesFileTest extends AppCommandFixture {
  private static final String ISOLATOR = "'name':'com_emccode_mesos_DockerVolumeDriverIsolator'";

  private String modules(String text) throws IOException {
    return file("m", text.replace("ISOLATOR", ISOLATOR).replace('\'', '"'));
  }

  @Test
  void theIsolatorIsFoundAmongOthers() throws IOException {
    String library = file("lib.so", "");
    ModulesFile file =
        ModulesFile.read(
                modules(
                    "{'libraries':[{'file':'other.so','modules':[{'name':'org_other'}]},{'file':'"
                        + library
                        + "','modules':[{ISOLATOR,'parameters':[{'key':'k','value':'v'},"
                        + "{'key':'k','value':''}]}]}]}"))
            .orElseThrow();
    assertEquals(folder.toRealPath().resolve("lib.so").toString(), file.library());
    assertEquals(2, file.parameters().size());
    assertEquals(Map.entry("k", "v"), file.parameters().get(0));
    assertEquals(Map.entry("k", ""), file.parameters().get(1));
    assertFalse(file.defaultDriver().isPresent());
  }

  @Test
  void aLibraryMayHaveANameAlone() throws IOException {
    ModulesFile file =
        ModulesFile.read(modules("{'libraries':[{'name':'a','modules':[{ISOLATOR}]}]}"))
            .orElseThrow();
    assertEquals("liba.so", file.library());
  }

  @Test
  void theExampleIsOne() {
    ModulesFile file = ModulesFile.read("modules.json.example").orElseThrow();
    assertEquals("rexray", file.defaultDriver().orElseThrow());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "``                          | : this is not JSON: there is nothing in it",
        "{'libraries': [ {,}]}       | : line 1, column 18: this is not JSON",
        "[]                          | is an array; it has to be an object",
        "{'libraries':{}}            | : the key \"libraries\" is an object; it has to be an array",
        "{'libraries':[3]}           | : libraries[0] is a number; it has to be an object",
        "{'libraries':[{'modules':[{}]}]} | libraries[0].modules[0]: the key \"name\" is missing",
        "{'libraries':[{'modules':[{'name':7}]}]} | : the key \"name\" is a number",
        "{}                          | : no library has a module with the name com_emccode_mesos",
        "{'libraries':[]}            | : no library has a module with the name com_emccode_mesos",
        "{'libraries':[{'modules':[{ISOLATOR},{ISOLATOR}]}]} | libraries[0].modules[1] both name",
        "{'libraries':[{'modules':[{ISOLATOR}]}]}            | libraries[0]: give the key \"file\"",
        "{'libraries':[{'name':'../a','modules':[{ISOLATOR}]}]} | libraries[0]: give the key"
            + " \"file\"",
        "{'libraries':[{'file':'nothing.so','modules':[{ISOLATOR}]}]} | 'nothing.so' cannot be"
            + " found: there is no such file",
        "{'libraries':[{'name':'a','modules':[{ISOLATOR,'parameters':[{'key':'k'}]}]}]} |"
            + " parameters[0]: the key \"value\" is missing",
        "{'libraries':[{'name':'a','modules':[{ISOLATOR,'parameters':[{'key':'k','value':true}]}]}]}"
            + " | \"value\" is true or false",
        "{'libraries':[{'name':'a','modules':[{ISOLATOR,'parameters':[{'key':'k','value':'a\\u0000'}]}]}]}"
            + " | \"value\" has a NUL character",
        "{'libraries':[],'libraries':[]} | an object has the name 'libraries' twice",
      })
  void whatIsWrongIsNamed(String text, String expected) throws IOException {
    String file = modules(text);
    assertEquals(2, run("run", "--state-dir=/s", "--modules", file, file("a", PLAIN)));
    assertTrue(err.startsWith("dvdi: error: " + file), err);
    assertTrue(err.contains(expected), err);
    assertFalse(err.contains("--help"), err);
    assertEquals("", out);
  }

  @Test
  void aFileThatIsNotThereIsSaid() {
    Path missing = folder.resolve("missing.json");
    assertEquals(2, run("plan", "--modules", missing.toString(), "a"));
    assertEquals("dvdi: error: " + missing + ": cannot be read: there is no such file\n", err);
    assertEquals(2, run("plan", "--modules", folder.toString(), "a"));
    assertTrue(err.contains(": cannot be read: it is a folder"), err);
  }
}
