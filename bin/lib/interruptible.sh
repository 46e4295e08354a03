# SPDX-License-Identifier: Apache-2.0
# shellcheck shell=bash
# Ends what takes long when the script is told to end. Sourced.

# Runs the command $@ so that Ctrl-C, SIGTERM and a hangup end it at once, and then the script with 128 and the signal's
# number, whether the signal goes to the process group, as from a terminal, or to the script alone.
#   --gently  only the command itself is told, by SIGINT, and may finish: apt-get lets dpkg end, which would have to be
#             repaired otherwise. Without it everything that the command has started is told.
interruptible() {
  local gently='' child='' number status=0 received=''
  if [[ $1 == --gently ]]; then
    shift
    gently=$1
  fi
  for number in 1 2 15; do
    # shellcheck disable=SC2064 # the number is this one
    trap "received=$number; end_command" "$number"
  done
  # Job control gives the command a process group of its own, and does not have it ignore SIGINT, as & does otherwise.
  # It may write to a terminal that stops other groups for that (tostop).
  set -m
  trap '' TTOU
  "$@" </dev/null &
  child=$!
  set +m
  [[ -z $received ]] || end_command
  # A signal ends wait, and not the command.
  while :; do
    status=0
    wait "$child" 2>/dev/null || status=$?
    kill -0 "$child" 2>/dev/null || break
  done
  trap - 1 2 15 TTOU
  if [[ -n $received ]]; then
    end_rest
    exit $((128 + received))
  fi
  return "$status"
}

end_command() {
  if [[ -z $child ]]; then
    return 0 # a moment later, when it is started
  elif [[ -n $gently ]]; then
    ! kill -INT "$child" 2>/dev/null || echo "Ending as soon as $gently lets it" >&2
  else
    kill -TERM -- "-$child" 2>/dev/null || true
  fi
}

# Ends what the command has left in its process group.
end_rest() {
  for _ in {1..50}; do
    kill -TERM -- "-$child" 2>/dev/null || return 0
    sleep 0.1
  done
  kill -KILL -- "-$child" 2>/dev/null || true
}
