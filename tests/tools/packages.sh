# Which Debian packages Snug needs, and how they get onto the machine. Sourced by ./run.
# shellcheck shell=bash

# The one list. Group | packages | what for. The groups: build and run for Snug itself,
# desktop for the demo, tests for ./run tests, node where there is no Node.js yet; debian13
# for making a tree of Debian 13, platform and sdk for what tests/tools/debian13 puts there.
packages='
build | gcc libc6-dev pkg-config meson ninja-build | compile
build | libglib2.0-dev libglib2.0-bin | objects, main loop, settings, resources
build | libjson-glib-dev | messages
build | libsoup-3.0-dev | WebSockets of the client
build | libwslay-dev | WebSockets of the server
build | libhiredis-dev | rooms that several servers share
build | libgnutls28-dev | certificate fingerprints, room keys, TLS of the server
build | libgstreamer1.0-dev libgstreamer-plugins-base1.0-dev libgstreamer-plugins-bad1.0-dev | the call engine
build | libnice-dev | which path the media takes
build | libpulse-dev | which devices the sound server takes by default
build | libgtk-4-dev libadwaita-1-dev | the app
build | libqrencode-dev | invitations as QR codes
build | gettext desktop-file-utils | translations, the menu entry
run | gstreamer1.0-plugins-base gstreamer1.0-plugins-good | Opus, conversion, VP8, RTP, sound in and out
run | gstreamer1.0-plugins-bad gstreamer1.0-nice | webrtcbin with DTLS, SRTP, SCTP; echo cancelling; ICE
run | gstreamer1.0-pipewire gstreamer1.0-pulseaudio | cameras, microphones, speakers
run | glib-networking ca-certificates | servers behind TLS (wss://)
run | librsvg2-common adwaita-icon-theme fonts-cantarell | icons, letters
desktop | xvfb dbus-daemon at-spi2-core | a display, a session and accessibility where none is
desktop | pipewire pipewire-bin wireplumber pipewire-pulse pulseaudio-utils | virtual devices
desktop | gstreamer1.0-tools | what the virtual camera and microphone play
desktop | libpipewire-0.3-dev | the virtual camera
desktop | python3 python3-gi gir1.2-atspi-2.0 | press buttons, read labels
desktop | fonts-noto-color-emoji | reactions in pictures
desktop | xdg-desktop-portal | screens and cameras, asked for as in a sandbox
desktop | xdotool imagemagick | place windows, take screenshots
tests | clang libclang-rt-dev | the second compiler, fuzzing
tests | appstream libxml2-utils libgtk-4-bin shellcheck man-db | validators
tests | chromium | calls with a browser
tests | coturn | calls through a relay
tests | nftables | networks that keep things back
tests | redis-server | what they share them through
tests | haproxy nginx-light openssl | what stands before a server
tests | avahi-daemon avahi-utils | rooms on a local network
tests | python3-aiortc | calls with another WebRTC library
tests | golang-go golang-github-pion-webrtc.v3-dev | calls with a third
tests | systemd | checks the unit of the server; nothing is started
tests | zbar-tools | whether a QR code can be read
tests | git procps iproute2 | layering check; threads, memory and addresses of processes
node | nodejs npm | drive the browser
debian13 | mmdebstrap debian-archive-keyring | make a Debian 13 tree
platform | libgtk-4-1 libadwaita-1-0 libsoup-3.0-0 libjson-glib-1.0-0 libnice10 libpulse-mainloop-glib0 | what the GNOME runtime has, too
platform | gstreamer1.0-plugins-base gstreamer1.0-plugins-good gstreamer1.0-plugins-bad | elements
platform | gstreamer1.0-nice gstreamer1.0-pipewire gstreamer1.0-pulseaudio gstreamer1.0-gtk4 | elements
platform | gstreamer1.0-gl gstreamer1.0-tools libgl1-mesa-dri libegl1 libgles2 | pictures
platform | glib-networking ca-certificates | TLS
platform | librsvg2-common adwaita-icon-theme hicolor-icon-theme fonts-cantarell iso-codes | icons, letters
platform | libwslay1 | in the place of the module that the Flatpak builds
platform | libqrencode4 | the same
platform | gsettings-desktop-schemas dconf-gsettings-backend shared-mime-info | the look of the desktop
platform | at-spi2-core dbus-bin pulseaudio-utils desktop-file-utils xdg-utils | the session
sdk | flatpak flatpak-builder ostree elfutils debugedit | build and install the Flatpak
sdk | appstream-compose appstream | the description, composed as in the GNOME SDK
sdk | xdg-desktop-portal xauth | cameras and screens for the sandbox
sdk | python3 perl g++ git file patch xz-utils | what the GNOME SDK has, too
'

# package_names GROUP...
package_names() {
  local group names reason wanted=" $* "
  while IFS='|' read -r group names reason; do
    case $wanted in *" ${group// /} "*) [ -z "$reason" ] || printf '%s\n' $names ;; esac
  done <<<"$packages"
}

# missing_packages GROUP...
missing_packages() {
  local name state
  for name in $(package_names "$@"); do
    state=$(dpkg-query -W -f '${db:Status-Status}' "$name" 2>/dev/null) || true
    [ "$state" = installed ] || echo "$name"
  done
}

as_root() {
  if [ "$(id -u)" = 0 ]; then "$@"; else sudo "$@"; fi
}

apt_get() {
  as_root env DEBIAN_FRONTEND=noninteractive \
    apt-get -qq -o DPkg::Lock::Timeout=300 "$@" </dev/null
}

# install_packages GROUP...: nothing happens when all are there.
install_packages() {
  local missing known name
  if ! command -v dpkg-query >/dev/null; then
    echo "run: this is not Debian: please see to these packages yourself, under their local names:" >&2
    package_names "$@" | tr '\n' ' ' | fold -s -w 100 >&2
    echo >&2
    return 0
  fi
  mapfile -t missing < <(missing_packages "$@")
  [ ${#missing[@]} -gt 0 ] || return 0

  echo "Missing Debian packages: ${missing[*]}"
  if [ "$(id -u)" != 0 ] && ! command -v sudo >/dev/null; then
    echo "run: installing them needs root, and there is no sudo. As root, please run" >&2
    echo "  apt-get update && apt-get install --no-install-recommends ${missing[*]}" >&2
    return 1
  fi
  # The package index is fetched only where it lacks a name or is out of date.
  known=$(apt-cache show --no-all-versions "${missing[@]}" 2>/dev/null | grep -c '^Package: ') || true
  [ "$known" -ge ${#missing[@]} ] || apt_get update
  apt_get install -y --no-install-recommends "${missing[@]}" || {
    apt_get update
    apt_get install -y --no-install-recommends "${missing[@]}"
  }
  # Debian starts services that nobody asked for; the tests start their own.
  for name in avahi-daemon coturn haproxy nginx; do
    case " ${missing[*]} " in
      *" $name"*) [ ! -d /run/systemd/system ] || as_root systemctl --quiet disable --now "$name" ;;
    esac
  done
}

install_node() {
  { command -v node && command -v npm; } >/dev/null || install_packages node
}
