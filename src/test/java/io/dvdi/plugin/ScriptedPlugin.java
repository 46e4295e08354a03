// SPDX-License-Identifier: Apache-2.0
package io.dvdi.plugin;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A Docker volume plugin on a real socket, with real mounts, that does wrong what a script says.
 * For tests of what calls plugins, and for people who write either side.
 */
public final class ScriptedPlugin {
  private static final String HELP =
      """
      Usage: ScriptedPlugin [OPTION...] SOCKET ROOT [SCRIPT]

      Serves the Docker volume plugin protocol at the path SOCKET. Volumes are folders of a tmpfs at
      ROOT/files, bound to ROOT/mounts/NAME. SCRIPT is a file of rules and commands, one a line;
      more are read from standard input, and each is answered with one line: ok, or error and why.
      When standard input ends, the plugin unmounts everything and ends. Needs root.

        --users=ids|count|none      what it keeps of those who use a volume (default ids). A driver
                                    that keeps nothing mounts and unmounts whenever it is told.
        --account                   Get shows the mount IDs in Status.Mounts, as rclone does
        --path=always|mounted|never when Get and Path name the mountpoint (default always)
        --below=FOLDER              the mountpoint is ROOT/mounts/NAME/FOLDER
        --again=reuse|stack|refuse  what a first Mount does where something is mounted already
        --read-only                 volumes are mounted read-only
        --alias=NAME=VOLUME         a further name of a volume; may be repeated
        --ignore-case               names that differ only in case are one volume
        --echo-names                Get repeats the name that it was asked by, not the volume's own

      A rule says what happens at a call:

        METHOD ['VOLUME'] [N times]: STEP; STEP; ...

      METHOD is Activate, Create, Get, List, Path, Mount, Unmount or Capabilities. The first rule
      that fits and is not used up is taken; without one, the steps are: do; answer. Steps:

        do               does what the client wants
        answer           answers as it was done, or with success if nothing was
        answer PATH      answers with this mountpoint
        refuse WORDS     answers with an error
        send TEXT        sends this text as it is, and closes the connection. \\r, \\n and \\\\ are
                         escapes, and \\xN(TEXT) is N times TEXT
        drop             closes the connection; later steps are taken all the same
        wait TIME        such as 3s or 200ms
        until NAME       waits for the command: go NAME
        forget           forgets that the client uses the volume, and changes no mount
        hang             never answers

      For example: done but not answered, answered after 3 s, refused although it was done, a lie.

        Mount 'data' 1 times: do; drop
        Mount: wait 3s; do; answer
        Unmount 'data': do; refuse storage service is away
        Unmount: answer

      Commands:

        go NAME                     lets calls go on that wait until NAME
        clear                       removes all rules
        create 'VOLUME'             makes a volume
        mount 'VOLUME' ID           mounts it for another client, with this mount ID
        unmount 'VOLUME' ID         unmounts it for that client
        users 'VOLUME'              the mount IDs that use it, in the order in which they came
        calls METHOD 'VOLUME'       the mount IDs of these calls; - for a call without one
        done METHOD 'VOLUME'        the same, of those calls that were done
        forget                      forgets all who use volumes, as after a restart
      """;

  private final Script script = new Script();
  private final CallLog calls = new CallLog();
  private final VolumeStore store;
  private final ServerSocketChannel server;

  private ScriptedPlugin(Habits habits, Path socket, Path root) throws IOException {
    store = new VolumeStore(habits, root);
    Files.deleteIfExists(socket);
    server = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
    server.bind(UnixDomainSocketAddress.of(socket));
  }

  public static void main(String[] arguments) throws IOException {
    Deque<String> rest = new ArrayDeque<>(Arrays.asList(arguments));
    if (rest.contains("--help")) {
      System.out.print(HELP);
      return;
    }
    PrintStream out = new PrintStream(System.out, true, UTF_8);
    ScriptedPlugin plugin;
    Path socket;
    try {
      Habits habits = Habits.of(rest);
      if (rest.size() < 2 || rest.size() > 3) {
        throw new IllegalArgumentException("name a socket and a folder; see --help");
      }
      socket = Path.of(rest.removeFirst());
      // Real, since the kernel shows paths without links.
      plugin = new ScriptedPlugin(habits, socket, Path.of(rest.removeFirst()).toRealPath());
      for (String file : rest) {
        plugin.read(file);
      }
    } catch (IllegalArgumentException | IOException e) {
      System.err.println("ScriptedPlugin: " + e.getMessage());
      System.exit(2);
      return;
    }
    start(plugin::accept);
    out.println("ok ready");
    plugin.control(out);
    plugin.script.end();
    Files.deleteIfExists(socket);
    plugin.store.unmountAll();
    System.exit(0);
  }

  private void read(String file) throws IOException {
    int number = 0;
    for (String line : Files.readAllLines(Path.of(file))) {
      number++;
      if (line.isBlank() || line.startsWith("#")) {
        continue;
      }
      String answer = obeyed(line);
      if (!answer.startsWith("ok")) {
        throw new IllegalArgumentException("%s, line %d: %s".formatted(file, number, answer));
      }
    }
  }

  private void control(PrintStream out) throws IOException {
    BufferedReader in = new BufferedReader(new InputStreamReader(System.in, UTF_8));
    for (String line = in.readLine(); line != null; line = in.readLine()) {
      if (!line.isBlank()) {
        out.println(obeyed(line));
      }
    }
  }

  private String obeyed(String line) {
    try {
      if (Script.isRule(line)) {
        script.add(line);
        return "ok";
      }
      String[] words = line.strip().split("'", 3);
      String[] before = words[0].strip().split(" +");
      String volume = words.length == 3 ? words[1] : null;
      return command(before, volume, words.length == 3 ? words[2].strip() : "");
    } catch (IllegalArgumentException | IOException e) {
      return "error " + e.getMessage();
    }
  }

  private String command(String[] words, @Nullable String volume, String id) throws IOException {
    boolean one = words.length == 1;
    if (volume == null) {
      switch (words[0]) {
        case "go" -> script.go(words[words.length - 1]);
        case "clear" -> script.clear();
        case "forget" -> store.forgetAll();
        default -> throw new IllegalArgumentException("no such rule or command; see --help");
      }
      return "ok";
    }
    if (words[0].equals("calls") && words.length == 2) {
      return "ok" + listed(calls.came(words[1], volume));
    }
    if (words[0].equals("done") && words.length == 2) {
      return "ok" + listed(calls.done(words[1], volume));
    }
    if (words[0].equals("users") && one) {
      return "ok" + listed(store.users(volume));
    }
    String method =
        switch (words[0]) {
          case "create" -> "Create";
          case "mount" -> "Mount";
          case "unmount" -> "Unmount";
          default -> throw new IllegalArgumentException("no such rule or command; see --help");
        };
    Reply reply = store.call(method, volume, id);
    return (reply.isGood() ? "ok " : "error ") + reply.text();
  }

  private static String listed(List<String> ids) {
    return ids.isEmpty() ? "" : " " + String.join(" ", ids);
  }

  private void accept() {
    try {
      while (true) {
        SocketChannel channel = server.accept();
        start(new PluginConnection(channel, script, store, calls)::serve);
      }
    } catch (IOException e) {
      System.err.println("ScriptedPlugin: " + e.getMessage());
    }
  }

  private static void start(Runnable body) {
    Thread thread = new Thread(body, "plugin");
    thread.setDaemon(true);
    thread.start();
  }
}
