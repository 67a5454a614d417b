# SPDX-License-Identifier: LGPL-2.1-or-later
# shellcheck shell=sh
# What building and testing needs, and how each system calls it. Sourced by start_booru.sh and
# tests/run; defines functions only.
#
# A requirement is "KIND:NAME[>=VERSION] APT DNF PACMAN ZYPPER": KIND is "command", "pkgconfig" or
# "file"; the rest are the package's names, "-" where the system has none.

build_requirements ()
{
  cat <<EOF
command:cc gcc gcc gcc gcc
file:stdio.h libc6-dev glibc-devel glibc glibc-devel
command:meson meson meson meson meson
command:ninja ninja-build ninja-build ninja ninja
command:pkg-config pkg-config pkgconf-pkg-config pkgconf pkg-config
command:msgfmt gettext gettext gettext gettext-tools
command:gdbus-codegen libglib2.0-dev-bin glib2-devel glib2-devel glib2-devel
pkgconfig:gio-unix-2.0>=2.74 libglib2.0-dev glib2-devel glib2 glib2-devel
pkgconfig:libsoup-3.0>=3.2 libsoup-3.0-dev libsoup3-devel libsoup3 libsoup-devel
pkgconfig:json-glib-1.0>=1.6 libjson-glib-dev json-glib-devel json-glib json-glib-devel
pkgconfig:sqlite3>=3.40 libsqlite3-dev sqlite-devel sqlite sqlite3-devel
pkgconfig:libpq>=14 libpq-dev libpq-devel postgresql-libs postgresql-devel
pkgconfig:vips>=8.14 libvips-dev vips-devel libvips libvips-devel
pkgconfig:lcms2>=2.9 liblcms2-dev lcms2-devel lcms2 liblcms2-devel
pkgconfig:libseccomp>=2.5 libseccomp-dev libseccomp-devel libseccomp libseccomp-devel
command:ffmpeg ffmpeg ffmpeg-free ffmpeg ffmpeg
EOF
}

# Without these a test is skipped rather than failed; tests/run installs them all the same.
test_requirements ()
{
  cat <<EOF
command:vips libvips-tools vips-tools libvips vips-tools
command:vipsthumbnail libvips-tools vips-tools libvips vips-tools
command:clang-format clang-format clang-tools-extra clang clang-tools
command:gallery-dl gallery-dl gallery-dl gallery-dl gallery-dl
command:exiftool libimage-exiftool-perl perl-Image-ExifTool perl-image-exiftool exiftool
command:psql postgresql postgresql-server postgresql postgresql-server
command:pgbouncer pgbouncer pgbouncer pgbouncer pgbouncer
command:chromium chromium chromium chromium chromium
command:node nodejs nodejs nodejs nodejs
command:npm npm nodejs-npm npm npm
command:dbus-daemon dbus-daemon dbus-daemon dbus dbus-1-daemon
command:ps procps procps-ng procps-ng procps
command:sqlite3 sqlite3 sqlite sqlite sqlite3
file:/usr/lib/python3/dist-packages/PIL python3-pil python3-pillow python-pillow python3-Pillow
file:/usr/share/backgrounds/gnome gnome-backgrounds gnome-backgrounds gnome-backgrounds gnome-backgrounds
file:/usr/share/backgrounds/mate mate-backgrounds mate-backgrounds mate-backgrounds mate-backgrounds
EOF
}

say ()
{
  printf '%s\n' "$*" >&2
}

# requirement_met KIND:NAME[>=VERSION]
requirement_met ()
{
  requirement=${1#*:}
  case $1 in
    command:*) command -v "$requirement" >/dev/null 2>&1 ;;
    pkgconfig:*) command -v pkg-config >/dev/null 2>&1 \
                   && pkg-config --exists "${requirement%%>=*} >= ${requirement#*>=}" 2>/dev/null ;;
    file:/*) [ -e "$requirement" ] ;;
    file:*) [ -e "/usr/include/$requirement" ] ;;
  esac
}

# package_manager: prints apt, dnf, pacman or zypper; fails if there is none of them
package_manager ()
{
  for manager in apt-get dnf pacman zypper; do
    if command -v "$manager" >/dev/null 2>&1; then
      printf '%s\n' "${manager%-get}"
      return 0
    fi
  done
  return 1
}

# missing_packages MANAGER: reads requirements, prints the packages of those that are not met
missing_packages ()
{
  while read -r requirement apt dnf pacman zypper; do
    requirement_met "$requirement" && continue
    case $1 in
      apt) package=$apt ;;
      dnf) package=$dnf ;;
      pacman) package=$pacman ;;
      zypper) package=$zypper ;;
      *) package=$requirement ;;
    esac
    [ "$package" = - ] || printf '%s\n' "$package"
  done | sort -u | tr '\n' ' ' | sed 's/ $//'
}

# install_command MANAGER PACKAGES: prints the line that installs them
install_command ()
{
  case $1 in
    apt) echo "apt-get update && apt-get install -y --no-install-recommends $2" ;;
    dnf) echo "dnf install -y $2" ;;
    pacman) echo "pacman -S --needed --noconfirm $2" ;;
    zypper) echo "zypper --non-interactive install $2" ;;
  esac
}

# install_missing ALLOWED FUNCTION…: installs what the requirements printed by FUNCTION… lack.
# ALLOWED is yes or no. Returns 1 if something is missing and was not installed, having said what.
install_missing ()
{
  allowed=$1
  shift
  manager=$(package_manager) || manager=none
  packages=$(for list in "$@"; do "$list"; done | missing_packages "$manager")
  [ -z "$packages" ] && return 0

  if [ "$manager" = none ]; then
    say "Missing: $packages"
    say "No package manager that is known here (apt, dnf, pacman, zypper): install these by hand."
    return 1
  fi

  line=$(install_command "$manager" "$packages")
  if [ "$(id -u)" -eq 0 ]; then
    as_root='sh -c'
  elif command -v sudo >/dev/null 2>&1 && { [ -t 0 ] || sudo -n true 2>/dev/null; }; then
    as_root='sudo sh -c'
  else
    as_root=
  fi

  if [ "$allowed" = no ] || [ -z "$as_root" ]; then
    say "Missing packages: $packages"
    say "Install them as root with this line, then start again:"
    say "  $line"
    return 1
  fi

  say "Missing packages: $packages"
  say "Installing them${as_root:+ with: ${as_root% -c} -c \"$line\"}"
  # shellcheck disable=SC2086
  DEBIAN_FRONTEND=noninteractive $as_root "$line" >&2 </dev/null || {
    say "The installation failed; the lines above say why. The line was:"
    say "  $line"
    return 1
  }
}
