#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Runs dvdi-agent with the stand-in isolator: agent_test.sh CASE AGENT LIBRARY JARS JAVA_HOME OLD_LINUX, as root, in a mount
# namespace of its own.
# shellcheck disable=SC2016 # the shells of tasks expand what the tasks are given
set -euo pipefail
case_name=$1 agent=$2 library=$3 jars=$4 java_home=$5 old_linux=$6

folder=$(mktemp -d "$PWD/agent-$case_name.XXXXXX")
cd "$folder"
# The library has its jars beside it.
mkdir lib
cp "$library" lib/
library=$folder/lib/${library##*/}
ln -s "$jars" lib/dvdi
# A name that no other process on the machine has.
mark=t$$x$RANDOM
echo "$mark" >mark
agent_pid=
status=

fail() {
  echo "$case_name: $*" >&2
  echo "--- output" >&2
  cat out err >&2 || true
  echo "--- journal" >&2
  cat journal >&2 || true
  exit 1
}

# Processes of this run: launchers have the id of their container as an argument, tasks have MARK in their environment.
# The pattern comes from a file, since grep would find itself otherwise.
processes() {
  grep -lzf mark /proc/[0-9]*/cmdline /proc/[0-9]*/environ 2>/dev/null | cut -d/ -f3 | sort -u || true
}

# launchers NAME: the launcher and the first process of a task's container, in this order.
launchers() { pgrep -f "^dvdi-agent launch $mark-$1-" || true; }
no_launchers() { [ -z "$(launchers "$1")" ]; }

clean_up() {
  local code=$?
  if [ -n "$agent_pid" ]; then kill -KILL "$agent_pid" 2>/dev/null || true; fi
  for pid in $(processes); do kill -KILL "$pid" 2>/dev/null || true; done
  exit "$code"
}
trap clean_up EXIT

# isolator [KEY VALUE]...: writes the file isolator, as input.h describes it.
isolator() {
  printf '%s\n' "library=$library" "work_dir=$folder/work" \
    parameter=java_home value="$java_home" \
    parameter=journal value="$folder/journal" >isolator
  while (($#)); do
    printf 'parameter=%s\nvalue=%s\n' "$1" "$2" >>isolator
    shift 2
  done
}

# volume NAME PATH MODE OPTION VALUE: one volume of a task.
volume() {
  local read_only=0
  [ "$3" = RW ] || read_only=1
  printf '%s\n' "volume=$1" "path=$2" "read_only=$read_only" "option=$4" "value=$5"
}

# task NAME COMMAND [VOLUMES]: writes the file NAME.
task() {
  local command=${2//\\/\\\\}
  printf '%s\n' "task=$mark-$1" program=/bin/sh argument=sh argument=-c "argument=${command//$'\n'/\\n}" \
    variable=MARK "value=$mark" ${3:+"$3"} >"$1"
}

# start FILES...: starts the agent with the isolator and these tasks, and what PREFIX has in front. finish: waits for its end.
prefix=()
start() {
  # What is older than this is not of the agent that is started: pids are used again.
  : >before
  cat isolator "$@" >input
  "${prefix[@]}" "$agent" >out 2>err <input &
  agent_pid=$!
}

finish() {
  status=0
  wait "$agent_pid" || status=$?
  for file in hs_err_pid* core* "/tmp/.java_pid$agent_pid" /tmp/hsperfdata_*/"$agent_pid"; do
    [ -z "$(find "$file" -newer before 2>/dev/null)" ] || fail "a file of the JVM is left: $file"
  done
  agent_pid=
}

run() {
  start "$@"
  finish
}

# eventually COMMAND...: waits until it succeeds.
eventually() {
  for _ in $(seq 1200); do
    if "$@" >/dev/null 2>&1; then return; fi
    sleep 0.05
  done
  fail "not within 60 s: $*"
}

has() { grep -qF -- "$2" "$1" || fail "$1 does not have: $2"; }
has_not() { if grep -qF -- "$2" "$1"; then fail "$1 has: $2"; fi; }
ends_with() { [ "$status" = "$1" ] || fail "the status is $status and not $1"; }
no_processes() { [ -z "$(processes)" ]; }

# What every run has to leave behind: nothing.
nothing_is_left() {
  no_processes || fail "processes are left: $(processes)"
  [ -z "$(ls work/containers)" ] || fail "records are left: $(ls work/containers)"
  [ "$mounts" = "$(cat /proc/self/mountinfo)" ] || fail "mounts are left: $(cat /proc/self/mountinfo)"
}

mkdir volume
mount -t tmpfs -o size=1m none volume
echo kept >volume/file
mounts=$(cat /proc/self/mountinfo)
isolator
export LC_ALL=C

case $case_name in
  example)
    # The parameters of modules.json.example start as they are: Java is found, and the jars beside the library.
    (
      echo "library=$library"
      echo "work_dir=$folder/work"
      sed -n 's/.*"key": "\([^"]*\)", "value": "\([^"]*\)".*/parameter=\1\nvalue=\2/p' \
        "${BASH_SOURCE[0]%/src/test/c/*}/modules.json.example"
    ) >isolator
    grep -q parameter= isolator || fail "modules.json.example has no parameters"
    task a 'echo ran'
    JAVA_HOME=$java_home run a
    ends_with 0
    has out ran
    ;;
  runs)
    # A bind, its variable, a read-only one, and the surroundings of a task.
    task a 'cat data/file "$MOUNTPOINT/file"; echo written > data/new; pwd; echo "$MESOS_SANDBOX"; cat /proc/1/cmdline;
      readlink /proc/self/fd/0; ls /proc/self/fd | wc -l; grep SigBlk /proc/self/status; grep SigIgn /proc/self/status' \
      "$(volume bind data RW source "$folder/volume")"
    run a
    ends_with 0
    [ "$(grep -c kept out)" = 2 ] || fail "the volume is not seen twice"
    [ "$(cat volume/new)" = written ] || fail "nothing was written to the volume"
    has out "$folder/work/sandboxes/$mark-a-"
    has out "dvdi-agent"
    has out "/dev/null"
    grep -qx 4 out || fail "the task has other descriptors than 0, 1, 2 (and that of ls)"
    has out $'SigBlk:\t0000000000000000'
    # Signals 32 and 33 are the C library's own; its posix_spawn leaves them ignored.
    grep -Eqx $'SigIgn:\t0000000(18|00)0000000' out || fail "signals are ignored in the task"
    task b 'echo no > data/new2 || exit 9; exit 0' "$(volume bind data RO source "$folder/volume")"
    run b
    ends_with 9
    has err "Read-only file system"
    [ ! -e volume/new2 ] || fail "a read-only volume was written to"
    task b "echo no > $folder/volume/new2 || exit 9; exit 0" "$(volume bind data RO source "$folder/volume")"
    run b
    ends_with 9
    [ ! -e volume/new2 ] || fail "a read-only volume was written to by the host's path"
    [ "$(cut -d' ' -f1 journal | tr '\n' ' ')" = "recover prepare watch cleanup close shutdown recover prepare watch cleanup close shutdown recover prepare watch cleanup close shutdown " ] ||
      fail "wrong calls"
    ;;
  user)
    # A task of another user: groups, home and sandbox are that user's, and there is no way back to root.
    chmod 755 "$folder"
    task a 'id -un; id -Gn; echo "$HOME"; stat -c owner=%U:%G .; grep -E "^(Uid|Gid|CapEff)" /proc/self/status;
      cat data/file; touch mine || exit 8; touch data/no || exit 9' "$(volume bind data RW source "$folder/volume")"
    sed '1a user=nobody' a >b
    chmod 755 volume
    run b
    ends_with 9
    id=$(id -u nobody) group=$(id -g nobody)
    [ "$(cat out)" = "nobody
$(id -Gn nobody)
$(getent passwd nobody | cut -d: -f6)
owner=nobody:$(id -gn nobody)
Uid:$(printf '\t%s' "$id" "$id" "$id" "$id")
Gid:$(printf '\t%s' "$group" "$group" "$group" "$group")
CapEff:	0000000000000000
kept" ] || fail "the task is not nobody's"
    ;;
  binds)
    # Nothing is bound where a link leads to, neither on this kernel nor on an old one.
    mkdir volume/below elsewhere
    mount -t tmpfs -o noexec none elsewhere
    ln -s volume link
    for prefix in '' "$old_linux"; do
      [ -n "$prefix" ] || prefix=()
      for path in data data/below; do
        task a 'echo ran' "$(volume swap "$path" RW source "$folder/volume")"
        run a
        ends_with 125
        has_not out ran
        has err "Cannot bind $folder/volume to $folder/work/sandboxes/$mark-a-"
        has err "/$path: a part of the second path is a symbolic link"
      done
      task a 'echo ran' "$(volume bind "$folder/link/below" RO source "$folder/volume")"
      run a
      ends_with 125
      has_not out ran
      has err "to $folder/link/below: a part of the second path is a symbolic link"
      task a 'echo ran' "$(volume bind ../out RW source "$folder/volume")"
      run a
      ends_with 125
      has_not out ran
      has err '/../out: the second path has ".." in it'
      # Real folders, in the sandbox and out of it; over one another; and a read-only bind keeps the other flags.
      task a 'cat new/er/file && cat volume/below/file; touch new/er/no || grep new/er /proc/self/mountinfo; exit 7' \
        "$(volume bind new RW source "$folder/volume"),$(volume bind new/er RO source "$folder/elsewhere")"
      echo else >elsewhere/file
      mkdir -p volume/er
      run a
      ends_with 7
      has out else
      grep -q 'new/er ro,[a-z,]*noexec' out || fail "the bind is not read-only or has lost the flags of its source"
      task a "cat $folder/elsewhere/file; touch $folder/elsewhere/no || exit 8" \
        "$(volume bind "$folder/elsewhere" RO source "$folder/volume")"
      run a
      ends_with 8
      has out kept
      has err "Read-only file system"
      touch volume/writable elsewhere/writable
    done
    umount elsewhere
    ;;
  fails)
    # A volume that is not to be had.
    task a 'echo ran' "$(volume fail data RW a b)"
    run a
    ends_with 1
    has_not out ran
    has err "dvdi: error: Task $mark-a does not start: the volume is not there"
    has err "dvdi: error: make it first"
    has journal "cleanup $mark-a-"
    ;;
  argv)
    # Programs without a shell, and statuses.
    # program NAME ARGUMENT...: writes the file NAME.
    program() {
      printf '%s\n' "task=$mark-$1" "program=$2" >"$1"
      printf 'argument=%s\n' "${@:2}" >>"$1"
    }
    program a printf '%s|' 'a b' '*'
    run a
    ends_with 0
    has out 'a b|*|'
    program b no-such-program
    run b
    ends_with 127
    has err "Cannot run the program no-such-program: No such file or directory"
    program c /etc/passwd
    run c
    ends_with 126
    # What a program leaves behind is reaped, and ends with it.
    task d '(sleep 1000 &); kill -SEGV $$'
    run d
    ends_with 139
    ;;
  together)
    # Two at a time; the slow volume of one does not delay the other; the first status counts.
    task a 'exit 4' "$(volume wait data RW for 1500)"
    task b "date +%s%N > $folder/b-ended; exit 5"
    task c 'exit 0'
    run a b c
    ends_with 4
    [ "$(grep -c '^cleanup' journal)" = 3 ] || fail "not three cleanups"
    [ "$(grep '^cleanup' journal | tail -1 | cut -c9- | cut -d- -f2)" = a ] || fail "the slow one was not last"
    ;;
  environment)
    # They would change the JVM in the agent.
    task a 'echo ran'
    export JAVA_TOOL_OPTIONS=-Xmx1k _JAVA_OPTIONS=-Xmx1k
    run a
    ends_with 0
    has out ran
    has err 'The variable JAVA_TOOL_OPTIONS is ignored'
    has err 'The variable _JAVA_OPTIONS is ignored'
    ;;
  slow)
    # An answer long after the call, from another thread.
    task a 'echo ran' "$(volume wait data RW for 700)"
    run a
    ends_with 0
    has out ran
    ;;
  early)
    # An answer before the call has returned.
    task a 'echo ran' "$(volume early data RW a b)"
    run a
    ends_with 0
    has out ran
    ;;
  limited)
    # The isolator wants the container ended.
    isolator limitation 'the volume is lost'
    task a 'echo ran; sleep 1000' "$(volume bind data RW source "$folder/volume")"
    run a
    ends_with 137
    has err "the volume is lost"
    has err "ended with status 137"
    has journal "cleanup $mark-a-"
    ;;
  refused)
    task a 'echo ran' "$(volume refuse data RW a b)"
    run a
    ends_with 1
    has_not out ran
    has err "The isolator refused to prepare its volumes: the isolator was closed"
    ;;
  broken-input)
    task a 'echo ran'
    echo '{"task_id": 3}' >b
    run a b
    ends_with 1
    has err 'does not know the key "{"task_id": 3}" in its input'
    status=0
    "$agent" --nonsense <input 2>err || status=$?
    ends_with 2
    has err '--nonsense'
    status=0
    "$agent" launch nothing / "" 0 true true 3<&- 4<&- 2>err || status=$?
    ends_with 125
    has err 'Only dvdi-agent can start it'
    if [ -e work ] || [ -e journal ]; then fail "something was started"; fi
    mkdir -p work/containers
    ;;
  no-library)
    task a 'echo ran'
    sed -i "s|$library|/nonexistent/lib.so|" isolator
    run a
    ends_with 1
    has err '/nonexistent/lib.so: cannot open shared object file: No such file or directory'
    isolator
    sed -i "s|$library|$(ldconfig -p | awk '/libm.so.6/ { print $NF; exit }')|" isolator
    run a
    ends_with 1
    has err 'has no symbol dvdi_embedded'
    isolator
    sed -i "s|$java_home|/nonexistent/java|" isolator
    run a
    ends_with 1
    has err '/nonexistent/java: No such file or directory'
    [ ! -e journal ] || fail "something was started"
    ;;
  kill-task)
    task a 'sleep 1000' "$(volume bind data RW source "$folder/volume")"
    start a
    eventually grep -q runs err
    init=$(launchers a | tail -1)
    eventually pgrep -P "$init"
    kill -KILL "$(pgrep -P "$init")"
    finish
    ends_with 137
    has journal "cleanup $mark-a-"
    ;;
  kill-launcher)
    # Nothing of a container outlives its launcher, and only then its volumes are given up.
    task a '(setsid sleep 1000 &); sleep 1000' "$(volume bind data RW source "$folder/volume")"
    start a
    eventually grep -q runs err
    kill -KILL "$(launchers a | head -1)"
    finish
    ends_with 137
    no_processes || fail "processes outlived their launcher"
    has journal "cleanup $mark-a-"
    ;;
  kill-agent)
    # Tasks outlive the agent. The next one leaves those alone that run, and gives up the volumes of the others.
    task a "touch $folder/a-runs; while [ ! -e $folder/go ]; do sleep 0.1; done; touch $folder/a-ended" \
      "$(volume bind data RW source "$folder/volume")"
    task b "touch $folder/b-runs; sleep 1000" "$(volume bind data RW source "$folder/volume")"
    start a b
    eventually test -e a-runs
    eventually test -e b-runs
    kill -KILL "$agent_pid"
    finish
    [ "$(find work/containers -type f | wc -l)" = 2 ] || fail "not two records"
    kill -KILL "$(launchers b | head -1)"
    eventually no_launchers b
    : >journal
    task c 'echo third'
    run c
    ends_with 0
    has out third
    grep -q "^recover $mark-a-[0-9a-f]*$" journal || fail "recover was not told what runs"
    has journal "cleanup $mark-b-"
    has_not journal "cleanup $mark-a-"
    has err "is left running"
    touch go
    eventually test -e a-ended
    eventually no_processes
    run
    ends_with 0
    has journal "cleanup $mark-a-"
    grep -q '^recover$' <(tail -5 journal) || fail "recover was told of what is gone"
    ;;
  kill-agent-early)
    # Killed while the isolator still mounts: on record, and cleaned up.
    task a 'echo ran' "$(volume never data RW a b)"
    start a
    eventually grep -q '^prepare' journal
    kill -KILL "$agent_pid"
    finish
    run
    ends_with 0
    has_not out ran
    has journal "cleanup $mark-a-"
    # Killed at any moment around a start: whatever runs is on record.
    task k 'sleep 1000' "$(volume bind data RW source "$folder/volume")"
    met=0
    begin=$(date +%s%N)
    for early in 0 100 70 50 40 30 20 10 -20; do
      start k
      if [ "$early" = 0 ]; then
        # The first round shows how long it takes; the others are killed so many milliseconds before that.
        eventually grep -q "Task $mark-k runs" err
        whole=$((($(date +%s%N) - begin) / 1000000))
      else
        sleep "$(printf '%d.%03d' $(((whole - early) / 1000)) $(((whole - early) % 1000)))"
      fi
      kill -KILL "$agent_pid"
      finish
      sleep 0.3
      for pid in $(launchers k); do
        grep -q "\"pid\": $pid," work/containers/* || fail "a process is not on record: $pid"
        kill -KILL "$pid" || true
        met=$((met + 1))
      done
      eventually no_processes
      run
      ends_with 0
    done
    [ "$met" -gt 0 ] || fail "no launcher was met"
    ;;
  interrupt)
    task a 'trap "echo asked; exit 7" TERM; echo ready; while :; do sleep 0.1; done' \
      "$(volume bind data RW source "$folder/volume")"
    start a
    eventually grep -q ready out
    kill -INT "$agent_pid"
    finish
    ends_with 130
    has out asked
    has journal "cleanup $mark-a-"
    ;;
  terminate)
    task a 'sleep 1000'
    task b 'exit 6'
    start a b
    eventually grep -q 'ended with status 6' err
    eventually grep -q "Task $mark-a runs" err
    kill -TERM "$agent_pid"
    finish
    ends_with 143
    ;;
  interrupt-stubborn)
    # A task that does not want to end, and a second Ctrl-C.
    task a 'trap "" TERM INT; echo ready; while :; do sleep 0.1; done'
    start a
    eventually grep -q ready out
    kill -INT "$agent_pid"
    eventually grep -q 'Ending the tasks' err
    begin=$(date +%s%N)
    kill -INT "$agent_pid"
    eventually no_launchers a
    took=$((($(date +%s%N) - begin) / 1000000))
    [ $took -lt 4500 ] || fail "the second signal did not kill at once, but after $took ms"
    finish
    ends_with 130
    has journal "cleanup $mark-a-"
    # And without the second one, it is killed after a while.
    echo end_after=1000 >soon
    run soon a
    ends_with 0
    ;;
  interrupt-waiting)
    # The isolator is mounting: its answer is waited for.
    task a 'echo ran' "$(volume wait data RW for 1500)"
    start a
    eventually grep -q '^prepare' journal
    kill -INT "$agent_pid"
    finish
    ends_with 130
    has_not out ran
    has err "Waiting for the isolator's answer about the volumes of task $mark-a."
    has journal "cleanup $mark-a-"
    ;;
  interrupt-thrice)
    # It never answers, and the person has had enough. The next agent cleans up.
    task a 'echo ran' "$(volume never data RW a b)"
    start a
    eventually grep -q '^prepare' journal
    for said in 'Ending the tasks' 'Killing the tasks' 'Ending at once'; do
      kill -INT "$agent_pid"
      eventually grep -q "$said" err
    done
    finish
    ends_with 130
    run
    ends_with 0
    has journal "cleanup $mark-a-"
    ;;
  for)
    task a 'sleep 1000' "$(volume bind data RW source "$folder/volume")"
    echo end_after=500 >soon
    run soon a
    ends_with 0
    has err 'The time of --for is over'
    has journal "cleanup $mark-a-"
    ;;
  locked)
    task a 'sleep 1000'
    start a
    eventually grep -q runs err
    "$agent" <input >out2 2>err2 && fail "two agents in one work_dir"
    has err2 "is in use by another agent, process $agent_pid. Wait until that has ended, or choose another --state-dir"
    kill -TERM "$agent_pid"
    finish
    ends_with 143
    ;;
  unreadable)
    # A record that cannot be read counts as a container that runs, until a person has removed it.
    mkdir -p work/containers
    echo 'no JSON' >"work/containers/$mark-lost"
    run
    ends_with 0
    has journal "recover $mark-lost"
    has_not journal cleanup
    has err "remove the file"
    rm "work/containers/$mark-lost"
    ;;
  *)
    fail "there is no such case"
    ;;
esac
nothing_is_left
cd ..
umount "$folder/volume"
rm -r "$folder"
