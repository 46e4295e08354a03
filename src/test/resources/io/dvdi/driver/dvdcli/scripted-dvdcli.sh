#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
cd "$(dirname "$0")" || exit 9
printf '%s\n' "$*" >>arguments
command=$1
[ $# = 0 ] || shift
now='time="2025-01-01T00:00:00Z"'
say() {
  echo "$now level=$1 msg=$2 " >&2
}
usage() {
  printf 'Usage:\n  dvdcli %s\n' "$1" >&2
}
panic() {
  printf 'panic: runtime error: %s\n\ngoroutine 1 [running]:\n' "$1" >&2
  i=0
  while [ $i -lt 40 ]; do
    printf 'main.glob..func%s(0xa9c0e0, {0xc0000921c0, 0x0, 0x4})\n\tdvdcli/commands.go:8%s\n' $i $i >&2
    i=$((i + 1))
  done
  exit 2
}
explicit=
driver=
name=
options=
cut=
for argument; do
  case $argument in
    --volumedriver=*) driver=${argument#*=} ;;
    --volumename=*) name=${argument#*=} ;;
    --volumeopts=*=*) options="$options${argument#*=}
" ;;
    --volumeopts=*) cut=1 ;;
    --explicitcreate) explicit=1 ;;
    *)
      usage "$command [flags]"
      printf '\nError: unknown flag: %s\n' "${argument%%=*}" >&2
      exit 0
      ;;
  esac
done
plugin() {
  if [ -z "$driver" ]; then
    say info '"Missing volume driver name" volumeDriver='
    exit 1
  fi
  # The real one pauses for so long; nothing else is the same for 15 s.
  if [ -e plugin-missing ]; then
    for pause in 1 2 4 8; do
      say warning "\"Unable to locate plugin: $driver, retrying in ${pause}s\""
    done
    say info "\"Error looking up volume plugin $driver: plugin not found\" volumeDriver=$driver"
    exit 1
  fi
  if [ -e plugin-dead ]; then
    socket=/run/docker/plugins/$driver.sock
    for pause in 1 2 4 8; do
      say warning "\"Unable to connect to plugin: $socket:/Plugin.Activate, retrying in ${pause}s\""
    done
    say info "\"Error looking up volume plugin $driver: Post http://$socket/Plugin.Activate: dial unix $socket: connect: connection refused\" volumeDriver=$driver"
    exit 1
  fi
  if [ -e no-volume-driver ]; then
    say info "\"Error looking up volume plugin $driver: Plugin does not implement the requested driver\" volumeDriver=$driver"
    exit 1
  fi
  [ ! -e json-spec ] || panic 'invalid memory address or nil pointer dereference'
}
fail() {
  say error "\"VolumeDriver.$1: $2\"$3"
  exit 1
}
get() {
  [ ! -e get-fails ] && [ -n "$name" ] && [ -e "volumes/$name" ]
}
create() {
  echo Create >>changes
  printf %s "$options" >"volumes/$name"
}
mountpoint() {
  if [ -e mountpoint ]; then
    cat mountpoint
  elif [ -e root ]; then
    echo "$(cat root)/$name"
  else
    echo "/mnt/$name"
  fi
}
# What rclone would do with its option remote: the folder is seen at the mountpoint.
remote() {
  sed -n 's/^remote=:local://p' "volumes/$name"
}
case $command in
  '')
    usage '[flags]'
    printf '  dvdcli [command]\n' >&2
    ;;
  version) printf 'Binary: %s\nSemVer: 0.2.1\n' "$0" ;;
  list)
    plugin
    [ ! -e list-fails ] || fail List 'out of order'
    ls volumes
    ;;
  create)
    plugin
    [ -z "$cut" ] || panic 'index out of range [1] with length 1'
    create
    say info "$name"
    ;;
  remove)
    plugin
    get || fail Get 'volume not found' " volumeName=$name"
    rm "volumes/$name"
    ;;
  get)
    plugin
    get || fail Get 'volume not found' " volumeName=$name"
    echo "$name"
    ;;
  path)
    plugin
    get || fail Get 'volume not found' " volumeName=$name"
    path=$(mountpoint)
    if [ -n "$path" ]; then
      say info "\"$path\""
      echo "$path"
    fi
    ;;
  mount)
    plugin
    [ -z "$cut" ] || panic 'index out of range [1] with length 1'
    if ! get; then
      [ -z "$explicit" ] || fail Get 'volume not found' " volumeName=$name"
      create
    fi
    echo Mount >>changes
    [ ! -e mount-fails ] || fail Mount "$(cat mount-fails)"
    if [ -e mount-hangs ]; then
      sleep 1000 &
      echo $! >child.new
      mv child.new child
      wait
      # When its plugin dies: the words of the library that speaks to it.
      socket=/run/docker/plugins/$driver.sock
      say warning "\"Unable to connect to plugin: $socket:/VolumeDriver.Mount, retrying in 1s\""
      say error "\"Post http://$socket/VolumeDriver.Mount: dial unix $socket: connect: connection refused\""
      exit 1
    fi
    path=$(mountpoint)
    if [ -e root ]; then
      mkdir -p "$path" && mount --bind "$(remote)" "$path" || fail Mount 'already mounted'
    fi
    say info "\"$path\""
    echo "$path"
    ;;
  unmount)
    plugin
    get || fail Get 'volume not found' " volumeName=$name"
    echo Unmount >>changes
    [ ! -e unmount-fails ] || fail Unmount "$(cat unmount-fails)"
    if [ -e root ]; then
      umount "$(mountpoint)" || fail Unmount 'not mounted'
    fi
    ;;
  *) printf 'Error: unknown command "%s" for "dvdcli"\nRun '"'"'dvdcli --help'"'"' for usage.\n' "$command" >&2 ;;
esac
