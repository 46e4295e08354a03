#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Runs dvdi-bind as Mesos' launcher does: bind_test.sh CASE DVDI_BIND [OLD_LINUX], as root, in a mount namespace of its
# own, which stands for the host's.
set -euo pipefail
case_name=$1 bind=("${@:3}" "$2")
export LC_ALL=C

folder=$(mktemp -d "$PWD/bind-$case_name.XXXXXX")
host=$(readlink /proc/self/ns/mnt)

fail() {
  echo "$case_name: $*" >&2
  cat out err >&2 || true
  exit 1
}
has() { grep -qF -- "$2" "$1" || fail "$1 does not have: $2"; }

# container COMMAND as-is|slave SANDBOX [MODE SOURCE BASE TARGET]...: has the binds made in a container, and runs the
# command in it. Its mounts are the host's in all but what dvdi-bind does about it. The sources are on the mount PROVED.
proved=('' '' '')
container() {
  local command=$1 arguments=("$2" "$3")
  shift 3
  while (($#)); do
    arguments+=("$1" "$2" "${proved[@]}" "$3" "$4")
    shift 4
  done
  unshare --mount --propagation unchanged -- sh -c 'command=$1; shift; "$@" && sh -c "$command"' sh \
    "$command" "${bind[@]}" "$host" "${arguments[@]}" >out 2>err
}

# A host as systemd makes it: all is shared. The volume has other mounts below it, one of them of a file.
mount -t tmpfs none "$folder"
cd "$folder"
mount --make-rshared "$folder"
mkdir volume sandbox sandbox/{a,b} image image/a elsewhere
mount -t tmpfs -o noexec none volume
mkdir volume/'below it'
mount -t tmpfs -o nosuid none volume/'below it'
touch volume/file volume/conf elsewhere/file
mount --bind elsewhere/file volume/conf
mounts=$(cat /proc/self/mountinfo)

case $case_name in
  shared)
    # The folder of the target is shared with the host, as that of a volume with bidirectional propagation is.
    for mode in rw ro; do
      if container true as-is "$folder/sandbox" $mode "$folder/volume" "$folder/sandbox" "$folder/sandbox/a"; then
        fail "a bind was made on a shared mount"
      fi
      has err "the mount at $folder is shared, so the host would get the bind mount too"
      [ "$mounts" = "$(cat /proc/self/mountinfo)" ] || fail "the host got a bind"
    done
    # The target's is not, the source's is: what covers the source must not be seen outside.
    mount -t tmpfs none sandbox
    mount --make-private sandbox
    mkdir sandbox/a
    mounts=$(cat /proc/self/mountinfo)
    if container true as-is "$folder/sandbox" ro "$folder/volume" "$folder/sandbox" "$folder/sandbox/a"; then
      fail "a shared source was made read-only"
    fi
    has err "a: the mount at $folder/volume is shared, so what limits the container's use of it"
    for mode in rw rw,suid; do
      if container 'ls sandbox/a' as-is "$folder/sandbox" $mode "$folder/volume" "$folder/sandbox" "$folder/sandbox/a"
      then
        has out "file"
      else
        # Without the newer calls, a source is covered before its copy is bound.
        [ "$mode" = rw ] && [ ${#bind[@]} -gt 1 ] || fail "a shared source was not bound"
        has err "a: the mount at $folder/volume is shared, so what limits the container's use of it"
      fi
    done
    ;;
  read-only)
    # All of a volume, wherever the container sees it; flags stay; nothing of it leaves the container.
    container '! touch sandbox/a/new; ! touch "sandbox/a/below it/new"; ! touch volume/new; ! touch "volume/below it/new"
      ! touch sandbox/a/conf; cat /proc/self/mountinfo' slave "$folder/sandbox" ro "$folder/volume" "$folder/sandbox" "$folder/sandbox/a" ||
      fail "the container did not start"
    [ "$(grep -c 'Read-only file system' err)" = 5 ] || fail "the volume can be written to"
    for place in "sandbox/a ro,[a-z,]*noexec" "volume ro,[a-z,]*noexec" 'sandbox/a/below\\040it ro,nosuid' \
      'volume/below\\040it ro,nosuid'; do
      grep -Eq "$folder/$place" out || fail "not read-only, or without the flags of its source: $place"
    done
    # The same volume for writing, too, in either order, and over one another.
    mkdir volume/below
    for order in "ro b rw a b" "rw a ro b b" "rw a ro a/below a/below"; do
      read -r mode1 path1 mode2 path2 read_only <<<"$order"
      container "touch sandbox/a/new 'sandbox/a/below it/new'; touch sandbox/$read_only/no; touch volume/no; true" slave \
        "$folder/sandbox" "$mode1" "$folder/volume" "$folder/sandbox" "$folder/sandbox/$path1" \
        "$mode2" "$folder/volume" "$folder/sandbox" "$folder/sandbox/$path2" || fail "$order: the container did not start"
      [ -e volume/new ] && [ -e "volume/below it/new" ] || fail "$order: nothing was written"
      [ ! -e volume/no ] && [ "$(grep -c 'Read-only file system' err)" = 2 ] || fail "$order: it was written to"
      rm volume/new "volume/below it/new"
    done
    # A sandbox whose path does not tell that it lies in the volume, and a target of which the volume's path does not.
    mkdir -p outer/sandbox outer/data/place
    ln -s outer linked
    container 'touch outer/sandbox/new' slave "$folder/linked/sandbox" \
      ro "$folder/outer" "$folder/sandbox" "$folder/sandbox/a" || fail "the sandbox behind a link is read-only"
    container 'touch outer/data/place/new && ! touch sandbox/a/no' slave "$folder/sandbox" \
      ro "$folder/linked/data" "$folder/sandbox" "$folder/sandbox/a" \
      rw "$folder/volume" "$folder/sandbox" "$folder/outer/data/place" || fail "a volume behind a link is read-only"
    mkdir volume/data
    container 'touch outer/data/new && ! touch sandbox/a/no' slave "$folder/sandbox" \
      ro "$folder/linked/data" "$folder/sandbox" "$folder/sandbox/a" \
      rw "$folder/volume" "$folder/sandbox" "$folder/outer" || fail "a volume over a read-only one's source is read-only"
    rm -r volume/new volume/data
    # What the container may write to stays so, also when it lies in the volume; and with an image nothing is covered.
    mkdir -p outer/sandbox outer/place
    container 'touch outer/sandbox/new && ! touch elsewhere/no' slave "$folder/outer/sandbox" \
      ro "$folder/outer" "$folder/outer/sandbox" "$folder/elsewhere" || fail "the sandbox is read-only"
    container 'touch outer/place/new && ! touch sandbox/a/no' slave "$folder/sandbox" \
      ro "$folder/outer" "$folder/sandbox" "$folder/sandbox/a" \
      rw "$folder/volume" "$folder/sandbox" "$folder/outer/place" || fail "another volume is read-only"
    mkdir elsewhere/data
    touch elsewhere/data/mark
    container 'test -e elsewhere/mark && ! touch elsewhere/no' slave "$folder/sandbox" \
      ro "$folder/elsewhere/data" "$folder/sandbox" "$folder/elsewhere" || fail "a volume over its own source is not bound"
    container 'touch volume/new && ! touch image/a/no' slave '' ro "$folder/volume" "$folder/image" "$folder/image/a" ||
      fail "the path of the host was touched"
    touch volume/new "volume/below it/new"
    # Below the volume, mounts that another one hides, with a link and a file on their paths, and a dead file system.
    mkdir -p odd/hidden/{a,b}/below odd/dead
    mount -t tmpfs none odd/hidden/a
    mkdir odd/hidden/a/below
    for path in a/below b b/below; do
      mkdir -p "odd/hidden/$path" && mount -t tmpfs none "odd/hidden/$path"
    done
    mount -t tmpfs none odd/hidden
    ln -s "$folder/elsewhere" odd/hidden/a
    touch odd/hidden/b
    mount -i -t fuse -o fd=9,rootmode=40000,user_id=0,group_id=0 none odd/dead 9<>/dev/fuse
    before=$(cat /proc/self/mountinfo)
    container '! touch sandbox/a/no; ! touch sandbox/a/hidden/no; ls sandbox/a/dead; cat /proc/self/mountinfo' slave \
      "$folder/sandbox" ro "$folder/odd" "$folder/sandbox" "$folder/sandbox/a" || fail "the container did not start"
    [ "$(grep -c 'Read-only file system' err)" = 2 ] || fail "the volume can be written to"
    has err "sandbox/a/dead': Transport endpoint is not connected"
    grep -q "$folder/sandbox/a/dead ro," out || fail "a dead file system is not read-only"
    [ "$before" = "$(cat /proc/self/mountinfo)" ] || fail "the host has other mounts"
    umount odd/dead
    umount odd/hidden
    umount -R odd/hidden/a odd/hidden/b
    # The host can unmount a volume below which a container has covered it.
    container 'touch started; while [ ! -e elsewhere/go ]; do sleep 0.05; done' slave "$folder/sandbox" \
      ro "$folder/volume" "$folder/sandbox" "$folder/sandbox/a" &
    until [ -e started ] || ! kill -0 $! 2>/dev/null; do sleep 0.05; done
    umount volume/conf 'volume/below it' volume || fail "the host cannot unmount what a container has read-only"
    touch elsewhere/go
    wait $! || fail "the container did not start"
    mounts=$(cat /proc/self/mountinfo)
    ;;
  suid)
    # A program with the set-user-ID bit and a device file, in the volume and on a mount below it.
    mkdir programs
    mount -t tmpfs none programs
    mkdir programs/below
    mount -t tmpfs none programs/below
    for place in programs programs/below; do
      cp "$(command -v id)" $place/id
      chmod 4755 $place/id
      mknod -m 666 $place/null c 1 3
    done
    # Whose rights the programs give to a user, and what happens to a device, at each of these places.
    look='for at in %s; do setpriv --reuid=65534 --clear-groups "$at/id" -u; cat "$at/null" || echo no device; done'
    # shellcheck disable=SC2059 # the format has a place for the places
    looks_at() { printf "$look" "$*"; }
    counts() { [ "$(uniq -c out | xargs)" = "$1 0" ] || fail "$2: $(xargs <out)"; }
    counts_not() { [ "$(sort out | uniq -c | xargs)" = "$1 65534 $1 no device" ] || fail "$2: $(xargs <out)"; }
    for mode in rw ro; do
      container "$(looks_at sandbox/a sandbox/a/below programs programs/below)" slave "$folder/sandbox" \
        $mode "$folder/programs" "$folder/sandbox" "$folder/sandbox/a" || fail "the container did not start"
      counts_not 4 "$mode: a program or a device of the volume counts"
      container "$(looks_at sandbox/a sandbox/a/below programs programs/below)" slave "$folder/sandbox" \
        $mode,suid "$folder/programs" "$folder/sandbox" "$folder/sandbox/a" || fail "the container did not start"
      counts 4 "$mode: what the operator allows does not count"
    done
    # Where the container has no path of its own for the volume, and where it has an image.
    container "touch programs/new; $(looks_at programs programs/below)" slave "$folder/sandbox" \
      rw "$folder/programs" / "$folder/programs" || fail "the container did not start"
    counts_not 2 "a program or a device of the volume counts at the path of the host"
    [ -e programs/new ] || fail "the volume is not writable at the path of the host"
    container "$(looks_at image/a image/a/below)" slave '' rw "$folder/programs" "$folder/image" "$folder/image/a" ||
      fail "the container did not start"
    counts_not 2 "a program or a device of the volume counts in an image"
    # What is read-only below a volume stays so.
    mount -o remount,bind,ro programs/below
    container '! touch sandbox/a/below/new' slave "$folder/sandbox" \
      rw "$folder/programs" "$folder/sandbox" "$folder/sandbox/a" || fail "a read-only mount has become writable"
    umount -R programs
    ;;
  over)
    # A volume bound over the folder that another one's source is in. What is there in its place is not that source.
    mkdir volume/{data,source}
    for source in source gone; do
      mkdir -p "elsewhere/$source" && touch "elsewhere/$source/mark"
      for mode in rw ro; do
        if container 'test -e sandbox/a/mark && test -d elsewhere/data' slave "$folder/sandbox" \
          rw "$folder/volume" "$folder/sandbox" "$folder/elsewhere" \
          $mode "$folder/elsewhere/$source" "$folder/sandbox" "$folder/sandbox/a"; then
          continue
        fi
        # Without the newer calls, a source that its path does not lead to any more cannot be limited.
        [ ${#bind[@]} -gt 1 ] || fail "$mode: another folder was bound, or none"
        has err "Cannot bind $folder/elsewhere/$source to $folder/sandbox/a"
      done
    done
    ;;
  proved)
    # What was verified is bound, at its path or below it, also when the path has a blank in it.
    source_of() { proved=("$(mountpoint -d "$1")" "$2" "$(realpath "$1")"); }
    binds() { container "$1" slave "$folder/sandbox" "$2" "$folder/$3" "$folder/sandbox" "$folder/sandbox/a"; }
    refuses() {
      for mode in rw ro; do
        if binds true $mode "$1"; then fail "$mode: something else than the volume was bound"; fi
        has err "Cannot bind $folder/$1 to $folder/sandbox/a: the volume is no longer what is mounted at the first path."
        has err "See what findmnt shows at ${proved[2]}"
      done
    }
    mkdir volume/inside
    touch volume/inside/mark
    for mode in rw ro; do
      source_of volume /
      binds 'test -e sandbox/a/file' $mode volume || fail "$mode: the volume is not bound"
      binds 'test -e sandbox/a/mark' $mode volume/inside || fail "$mode: a folder below the mount is not bound"
      source_of 'volume/below it' /
      binds true $mode 'volume/below it' || fail "$mode: a volume with a blank in its path is not bound"
      # Version 0.1.0 kept no root, and the volume's path for the mount point.
      proved=("$(mountpoint -d volume)" '' "$folder/volume/inside")
      binds 'test -e sandbox/a/mark' $mode volume/inside || fail "$mode: a mount whose root is not known is not bound"
    done
    # The same volume twice, and once more for writing.
    source_of volume /
    container 'test -e sandbox/a/mark && test -e sandbox/b/mark' slave "$folder/sandbox" \
      ro "$folder/volume/inside" "$folder/sandbox" "$folder/sandbox/a" \
      ro "$folder/volume/inside" "$folder/sandbox" "$folder/sandbox/b" || fail "it is not bound twice"
    # A plain directory.
    proved=('' '' '')
    binds 'test -e sandbox/a/file' rw elsewhere || fail "a plain directory is not bound"
    # Something else at its place: another file system; another folder of the same one; nothing at all; the same file
    # system in another place.
    source_of volume /
    mount -t tmpfs none volume
    touch volume/somebody-elses
    refuses volume
    has err "Verified was device ${proved[0]} with the root / at $folder/volume; the path leads to device $(mountpoint -d volume)"
    umount volume
    mount --bind volume/inside volume
    refuses volume
    umount volume
    mkdir place
    mount --bind volume place
    refuses place
    umount place
    rmdir place
    mount --bind elsewhere volume/inside
    refuses volume/inside
    umount volume/inside
    refuses elsewhere
    umount volume/conf
    umount 'volume/below it'
    umount volume
    refuses volume
    mounts=$(cat /proc/self/mountinfo)
    # An agent and a dvdi-bind of two versions.
    status=0
    "${bind[@]}" "$host" slave "$folder/sandbox" rw "$folder/volume" "$folder/sandbox" "$folder/sandbox/a" 2>err ||
      status=$?
    [ "$status" = 2 ] || fail "the arguments of another version are understood"
    has err "If dvdi was updated, restart the agent"
    ;;
  link)
    # A link that another host has made in the volume.
    ln -s "$folder/elsewhere" volume/data
    for mode in rw ro; do
      if container true slave "$folder/sandbox" $mode "$folder/volume/data" "$folder/sandbox" "$folder/sandbox/a"; then
        fail "a link was followed"
      fi
      has err "Cannot bind $folder/volume/data to $folder/sandbox/a: the first path is a symbolic link"
    done
    # One in the place of a nested container's sandbox, which lies below that of its parent.
    mkdir -p sandbox/containers elsewhere/child/data
    ln -s "$folder/elsewhere" sandbox/containers/child
    target=$folder/sandbox/containers/child/data
    if container true slave "${target%/data}" rw "$folder/volume" "$folder/sandbox" "$target"; then
      fail "a link was followed"
    fi
    has err "a part of the second path is a symbolic link"
    ;;
  *)
    fail "there is no such case"
    ;;
esac
[ "$mounts" = "$(cat /proc/self/mountinfo)" ] || fail "the host has other mounts: $(cat /proc/self/mountinfo)"
cd ..
umount -R "$folder"
rmdir "$folder"
