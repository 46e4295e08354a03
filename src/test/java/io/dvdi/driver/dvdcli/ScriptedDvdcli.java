// SPDX-License-Identifier: Apache-2.0
package io.dvdi.driver.dvdcli;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;

/**
 * A script with the output, the words and the exit statuses of the real program, and the plugin's
 * in files beside it.
 */
final class ScriptedDvdcli implements Dvdcli {
  private static final String SCRIPT =
      """
      #!/bin/sh
      cd "$(dirname "$0")" || exit 9
      printf '%s\\n' "$*" >>arguments
      command=$1
      shift
      explicit=
      name=
      for argument; do
        case $argument in
          --volumedriver=* | --volumeopts=*) ;;
          --volumename=*) name=${argument#*=} ;;
          --explicitcreate) explicit=1 ;;
          *) printf 'Usage:\\n  dvdcli %s [flags]\\n\\nError: unknown flag: %s\\n' "$command" "$argument" >&2; exit 0 ;;
        esac
      done
      fail() {
        echo "time=\\"2025-01-01T00:00:00Z\\" level=error msg=\\"VolumeDriver.$1: $2\\" volumeName=$name " >&2
        exit 1
      }
      get() {
        [ ! -e get-fails ] && [ -n "$name" ] && [ -e "volumes/$name" ]
      }
      case $command in
        version) printf 'Binary: %s\\nSemVer: 0.2.1\\n' "$0" ;;
        list)
          [ ! -e list-fails ] || fail List 'out of order'
          ls volumes
          ;;
        mount)
          if ! get; then
            [ -z "$explicit" ] || fail Get 'volume not found'
            echo Create >>changes
            : >"volumes/$name"
          fi
          echo Mount >>changes
          [ ! -e mount-fails ] || fail Mount "$(cat mount-fails)"
          if [ -e mount-hangs ]; then
            sleep 1000 &
            echo $! >child
            wait
          fi
          path=/mnt/$name
          [ ! -e mountpoint ] || path=$(cat mountpoint)
          echo "time=\\"2025-01-01T00:00:00Z\\" level=info msg=\\"$path\\" " >&2
          echo "$path"
          ;;
        unmount)
          get || fail Get 'volume not found'
          echo Unmount >>changes
          [ ! -e unmount-fails ] || fail Unmount "$(cat unmount-fails)"
          ;;
        *) printf 'Usage:\\n  dvdcli [command]\\n\\nError: unknown command "%s" for "dvdcli"\\n' "$command" >&2 ;;
      esac
      """;

  private final Path folder;

  ScriptedDvdcli(Path folder) throws Exception {
    this.folder = folder;
    Files.createDirectories(folder.resolve("volumes"));
    Files.writeString(program(), SCRIPT);
    Files.setPosixFilePermissions(program(), PosixFilePermissions.fromString("rwx------"));
  }

  @Override
  public Path program() {
    return folder.resolve("dvdcli");
  }

  /** Its arguments, call by call. */
  List<String> arguments() throws Exception {
    return Files.readAllLines(folder.resolve("arguments"));
  }

  /** A process that a hanging mount has started. */
  long child() throws Exception {
    return Long.parseLong(Files.readString(folder.resolve("child")).strip());
  }

  /** Puts something else in the place of the program. */
  void becomes(String script) throws Exception {
    Files.writeString(
        program(), "#!/bin/sh\n" + script + "\n", StandardOpenOption.TRUNCATE_EXISTING);
  }

  private void file(String name, String text) throws Exception {
    Files.writeString(folder.resolve(name), text);
  }

  @Override
  public void has(String volume) throws Exception {
    file("volumes/" + volume, "");
  }

  @Override
  public void mountFails(String error) throws Exception {
    file("mount-fails", error);
  }

  @Override
  public void mountsAt(String mountpoint) throws Exception {
    file("mountpoint", mountpoint);
  }

  @Override
  public void getFails() throws Exception {
    file("get-fails", "");
  }

  @Override
  public void listFails() throws Exception {
    file("list-fails", "");
  }

  @Override
  public void unmountFails(String error) throws Exception {
    file("unmount-fails", error);
  }

  @Override
  public void mountHangs() throws Exception {
    file("mount-hangs", "");
  }

  @Override
  public List<String> changes() throws Exception {
    Path changes = folder.resolve("changes");
    return Files.exists(changes) ? Files.readAllLines(changes) : List.of();
  }

  @Override
  public void close() {}
}
