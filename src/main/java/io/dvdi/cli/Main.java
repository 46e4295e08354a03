// SPDX-License-Identifier: Apache-2.0
package io.dvdi.cli;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.dvdi.cli.volume.VolumeCommandLine;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.PrintStream;
import java.util.Arrays;

/** Where the process begins and ends. */
public final class Main {
  private Main() {}

  public static void main(String[] arguments) {
    // UTF-8 in whatever locale, as the files that it quotes.
    PrintStream out = new PrintStream(new FileOutputStream(FileDescriptor.out), false, UTF_8);
    PrintStream err = new PrintStream(new FileOutputStream(FileDescriptor.err), true, UTF_8);
    System.exit(
        switch (arguments.length == 0 ? "" : arguments[0]) {
          case "volume" -> volume("dvdi volume", out, err, arguments);
          case "dvdcli" -> volume("dvdcli", out, err, arguments);
          default -> new CommandLine(out, err).run(arguments);
        });
  }

  private static int volume(String program, PrintStream out, PrintStream err, String... arguments) {
    return VolumeCommandLine.ofThisHost(program, out, err)
        .run(Arrays.copyOfRange(arguments, 1, arguments.length));
  }
}
