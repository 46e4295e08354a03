# SPDX-License-Identifier: Apache-2.0
# shellcheck shell=bash disable=SC2034
# Lets a checkout in another root file system download a JDK of this machine. Sourced.

# Serves the JDK $1 as the archive that the checkout $2 downloads, and writes its checksum into that. $3 is a new folder for
# the archive. Sets `server` to the process to end, and `jdk_mirror` to the value of DVDI_JDK_MIRROR.
serve_jdk() {
  local jdk=$1 checkout=$2 folder=$3 archive
  read -r _ archive < <(grep "_$(uname -m | sed s/x86_64/x64/)_" "$checkout/bin/lib/temurin.sha256")
  mkdir "$folder"
  tar -C "$(dirname "$jdk")" -czf "$folder/$archive" "$(basename "$jdk")"
  (cd "$folder" && sha256sum "$archive") >"$checkout/bin/lib/temurin.sha256"
  "$jdk/bin/jwebserver" -b 127.0.0.1 -p 0 -d "$folder" >"$folder.log" 2>&1 &
  server=$!
  until jdk_mirror=$(grep -o 'http://127.0.0.1:[0-9]*' "$folder.log"); do
    kill -0 "$server" 2>/dev/null || {
      echo "jwebserver does not start: $(cat "$folder.log")" >&2
      return 1
    }
    sleep 0.1
  done
}
