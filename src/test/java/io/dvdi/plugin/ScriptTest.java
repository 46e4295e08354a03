// SPDX-License-Identifier: Apache-2.0
package io.dvdi.plugin;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Scripts of the scripted plugin. */
class ScriptTest {
  private static final List<Step> USUAL = List.of(new Step.Do(), new Step.Answer(Optional.empty()));

  private final Script script = new Script();

  @Test
  void theFirstRuleThatFitsAndIsNotUsedUpIsTaken() {
    script.add("Mount 'data' 2 times: hang");
    script.add("Mount: refuse not now");

    assertEquals(List.of(new Step.Refuse("not now")), script.at("Mount", "other"));
    assertEquals(List.of(new Step.Hang()), script.at("Mount", "data"));
    assertEquals(List.of(new Step.Hang()), script.at("Mount", "data"));
    assertEquals(List.of(new Step.Refuse("not now")), script.at("Mount", "data"));
    assertEquals(USUAL, script.at("Unmount", "data"));

    script.clear();
    assertEquals(USUAL, script.at("Mount", "data"));
  }

  @Test
  void allSteps() {
    script.add(
        "Unmount 1 time: wait 200ms; until told; do; forget; answer /x; drop; wait 3s; hang");
    assertEquals(
        List.of(
            new Step.Wait(Duration.ofMillis(200)),
            new Step.Until("told"),
            new Step.Do(),
            new Step.Forget(),
            new Step.Answer(Optional.of("/x")),
            new Step.Drop(),
            new Step.Wait(Duration.ofSeconds(3)),
            new Step.Hang()),
        script.at("Unmount", "data"));
  }

  @Test
  void textIsSentAsItIsButForItsEscapes() {
    Step step = Step.parse("send HTTP/1.1 0\\r\\n\\r\\n{\"Err\": \"\\\\ud800\\x3([],)\"}");

    assertEquals(
        "HTTP/1.1 0\r\n\r\n{\"Err\": \"\\ud800[],[],[],\"}",
        new String(((Step.Send) step).bytes(), UTF_8));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"Mount: dance", "Mount: wait", "Mount: wait long", "Mount: refuse", "Mount"})
  void aRuleThatIsWrongIsRefused(String rule) {
    assertThrows(IllegalArgumentException.class, () -> script.add(rule));
    assertEquals(USUAL, script.at("Mount", "data"));
  }

  @Test
  void commandsAreNoRules() {
    assertTrue(Script.isRule("Mount 'data': do; answer"));
    assertFalse(Script.isRule("mount 'data' another-client"));
  }
}
