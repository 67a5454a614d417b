#!/bin/sh
# SPDX-License-Identifier: LGPL-2.1-or-later
# Installs what is missing, builds what has changed, and becomes booru-host.
#
#   ./start_booru.sh [--no-install] [OPTIONS OF booru-host] [FOLDER…]
set -eu

here=$(cd "$(dirname "$0")" && pwd)
build=$here/build
host=$build/core/host/booru-host
# shellcheck source=data/requirements.sh
. "$here/data/requirements.sh"

# Takes --no-install out of the arguments and leaves the others as they are.
install=yes
count=$#
options=yes
while [ "$count" -gt 0 ]; do
  argument=$1
  shift
  count=$((count - 1))
  [ "$argument" = -- ] && options=no
  if [ "$options" = yes ] && [ "$argument" = --no-install ]; then
    install=no
  else
    set -- "$@" "$argument"
  fi
done

install_missing "$install" build_requirements || {
  # A program that is built already can do without its tools.
  [ -x "$host" ] || exit 69
  say "Starting the program as it was built before."
  exec "$host" "$@"
}

log=$build/build.log
mkdir -p "$build"
if [ ! -e "$build/build.ninja" ]; then
  say "Building booru-host (once; about a minute)…"
  meson setup "$build" "$here" --buildtype=debugoptimized -Dtests=false >"$log" 2>&1 || {
    cat "$log" >&2
    say "Configuring the build failed; the lines above say why (kept in $log)."
    exit 70
  }
fi
ninja -C "$build" >"$log" 2>&1 || {
  cat "$log" >&2
  say "The build failed; the lines above say why (kept in $log)."
  exit 70
}

exec "$host" "$@"
