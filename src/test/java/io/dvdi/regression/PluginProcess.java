// SPDX-License-Identifier: Apache-2.0
package io.dvdi.regression;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.dvdi.plugin.ScriptedPlugin;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.Writer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** A {@link ScriptedPlugin} in a process of its own. */
final class PluginProcess implements AutoCloseable {
  private final Process process;
  private final BufferedReader answers;
  private final Writer commands;

  PluginProcess(Path socket, Path root, String... options) throws IOException {
    List<String> command =
        new ArrayList<>(
            List.of(
                Path.of(System.getProperty("java.home"), "bin/java").toString(),
                "-XX:TieredStopAtLevel=1",
                "-XX:+UseSerialGC",
                "-Xshare:auto",
                "-cp",
                System.getProperty("java.class.path"),
                ScriptedPlugin.class.getName()));
    command.addAll(List.of(options));
    command.addAll(List.of(socket.toString(), root.toString()));
    process = new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT).start();
    answers = new BufferedReader(new InputStreamReader(process.getInputStream(), UTF_8));
    commands = process.outputWriter(UTF_8);
    String unused = answer("the start");
  }

  /** A rule or a command, which must succeed. */
  String tell(String line) throws IOException {
    commands.write(line + "\n");
    commands.flush();
    return answer(line);
  }

  private String answer(String line) throws IOException {
    String answer = answers.readLine();
    if (answer == null || !answer.startsWith("ok")) {
      throw new IOException("the plugin answered '%s' with: %s".formatted(line, answer));
    }
    return answer.substring(2).strip();
  }

  private List<String> list(String command) throws IOException {
    String answer = tell(command);
    return answer.isEmpty() ? List.of() : List.of(answer.split(" ", -1));
  }

  /** The mount IDs of these calls. */
  List<String> calls(String method, String volume) throws IOException {
    return list("calls %s '%s'".formatted(method, volume));
  }

  /** The mount IDs of those calls that were done, whether they were answered or not. */
  List<String> done(String method, String volume) throws IOException {
    return list("done %s '%s'".formatted(method, volume));
  }

  List<String> users(String volume) throws IOException {
    return list("users '%s'".formatted(volume));
  }

  /** Kills it. What it has mounted stays mounted. */
  @Override
  public void close() throws IOException {
    try {
      int unused = process.destroyForcibly().waitFor();
    } catch (InterruptedException e) {
      throw new IOException(e);
    }
  }
}
