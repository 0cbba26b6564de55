#!/bin/sh
# Makes sure that what nnc is built with is here: Swift, a C++ compiler's headers, git, make's
# pkg-config, and the libraries libyaml, zlib, zstd, SQLite, libpng, libjpeg-turbo and oneDNN. On
# Debian and Ubuntu, whatever is missing is installed if that needs no password. Silent and quick
# when nothing is missing, because every verb of the Makefile that compiles runs this first.
set -u

has_header() {
  for folder in $(echo "${CPATH:-} ${C_INCLUDE_PATH:-}" | tr : ' ') \
    /usr/include /usr/local/include /opt/homebrew/include; do
    [ -e "$folder/$1" ] && return 0
  done
  return 1
}

has_library() {
  command -v pkg-config >/dev/null 2>&1 && pkg-config --exists "$1"
}

# Sets `missing` to the names of Debian's packages.
look() {
  missing=
  command -v pkg-config >/dev/null 2>&1 || missing="$missing pkg-config"
  command -v git >/dev/null 2>&1 || missing="$missing git"
  has_library yaml-0.1 || missing="$missing libyaml-dev"
  # macOS has zlib and SQLite in its SDK, where pkg-config does not look.
  has_library zlib || [ "$(uname -s)" = Darwin ] || missing="$missing zlib1g-dev"
  has_library libzstd || missing="$missing libzstd-dev"
  has_library sqlite3 || [ "$(uname -s)" = Darwin ] || missing="$missing libsqlite3-dev"
  has_library libpng16 || missing="$missing libpng-dev"
  has_library libjpeg || missing="$missing libjpeg-dev"
  has_header dnnl.h || missing="$missing libdnnl-dev"
  # Swift calls the system's linker and needs the headers of C and C++.
  [ "$(uname -s)" = Darwin ] || { command -v g++ >/dev/null 2>&1 && has_header stdio.h; } ||
    missing="$missing g++"
  missing=${missing# }
}

install_missing() {
  command -v apt-get >/dev/null 2>&1 || return 1
  if [ "$(id -u)" = 0 ]; then
    sudo=
  elif command -v sudo >/dev/null 2>&1 && sudo -n true 2>/dev/null; then
    sudo="sudo -n"
  else
    return 1
  fi
  echo "setup: installing $missing with apt-get" >&2
  log=$(mktemp) || return 1
  # Another apt may be at work on a machine that has just started.
  apt="$sudo env DEBIAN_FRONTEND=noninteractive apt-get -qq -o DPkg::Lock::Timeout=120"
  # shellcheck disable=SC2086 # Both variables are lists of words.
  if ! { $apt update && $apt install -y --no-install-recommends $missing; } \
    >"$log" 2>&1 </dev/null; then
    cat "$log" >&2
  fi
  rm -f "$log"
}

look
if [ -n "$missing" ]; then
  install_missing && look
fi

failed=0
if [ -n "$missing" ]; then
  failed=1
  {
    echo "setup: nnc cannot be built without: $missing"
    if command -v apt-get >/dev/null 2>&1; then
      echo "  install with: sudo apt-get update && sudo apt-get install $missing"
    elif [ "$(uname -s)" = Darwin ]; then
      echo "  install with: brew install pkg-config libyaml zstd libpng jpeg-turbo onednn"
    else
      echo "  these are Debian's names; install pkg-config, git, a C++ compiler, and libyaml (0.2),"
      echo "  zlib, zstd, SQLite, libpng (1.6), libjpeg-turbo (2 or 3) and oneDNN (2 or 3) with their"
      echo "  headers, by your system's names"
    fi
  } >&2
fi
if ! command -v swift >/dev/null 2>&1; then
  failed=1
  if [ -x /opt/swift/usr/bin/swift ]; then
    echo "setup: Swift is in /opt/swift but not found: export PATH=/opt/swift/usr/bin:\$PATH" >&2
  else
    echo "setup: nnc is built with Swift 6.1 or newer: https://swift.org/install" >&2
  fi
fi
exit $failed
