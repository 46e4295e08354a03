# SPDX-License-Identifier: Apache-2.0
# shellcheck shell=bash
# --help and --version of the scripts in bin, without a build, root or Java. Sourced.

# Prints the version, which is that of pom.xml in the checkout $1, or in the file version of the package $1.
print_version() {
  local line
  if [[ -e $1/version ]]; then
    echo "dvdi $(<"$1/version")"
    return
  fi
  while IFS= read -r line; do
    if [[ $line =~ ^\ \ \<version\>(.*)\</version\> ]]; then
      echo "dvdi ${BASH_REMATCH[1]}"
      return
    fi
  done <"$1/pom.xml"
}

# Ends the script where the first of its arguments $@ asks for help, which is the comment at its top, or for the version.
answer_help() {
  local script=${BASH_SOURCE[1]}
  case ${1:-} in
    --help | -h | help)
      sed -n '3,/^[^#]/s/^# \{0,1\}//p' "$script"
      exit
      ;;
    --version)
      print_version "$(dirname "$(readlink -f "$script")")/.."
      exit
      ;;
  esac
}
