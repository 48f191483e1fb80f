#!/usr/bin/env bash
# Installs what building, testing and the demo need on Debian or Ubuntu. Does nothing where everything is there.
set -euo pipefail

packages=(
  build-essential pkg-config ca-certificates curl procps python3
  nodejs npm
  xvfb xauth openbox xterm xdotool x11-utils x11-xserver-utils x11-xkb-utils xkb-data fonts-dejavu-core
  libfontconfig1-dev libvpx-dev xserver-xephyr dbus at-spi2-core python3-gi iproute2 util-linux
  chromium clang lld fonts-noto-core fonts-noto-cjk nginx-light haproxy
)

missing=()
for package in "${packages[@]}"; do
  case $package in
    # Node may stand there without Debian's package.
    nodejs) command -v node >/dev/null && continue ;;
    npm) command -v npm >/dev/null && continue ;;
    # Ubuntu's package is a snap, which has no place in a container; another Chromium may stand there.
    chromium) command -v chromium >/dev/null && continue ;;
  esac
  dpkg-query -W -f='${Status}' "$package" 2>/dev/null | grep -q 'ok installed' || missing+=("$package")
done

if [ ${#missing[@]} -gt 0 ]; then
  echo "installing ${missing[*]}"
  root=()
  [ "$(id -u)" = 0 ] || root=(sudo)
  "${root[@]}" apt-get update -qq
  DEBIAN_FRONTEND=noninteractive "${root[@]}" apt-get install -y -qq --no-install-recommends "${missing[@]}"
fi

if ! node -e 'process.exit(Number(process.versions.node.split(".")[0]) >= 20 ? 0 : 1)'; then
  echo "Node.js 20 or newer is needed; this machine has $(node --version)" >&2
  exit 1
fi

if ! command -v cargo >/dev/null; then
  echo "installing Rust by rustup"
  curl --proto '=https' --tlsv1.2 -sSf https://sh.rustup.rs | sh -s -- -y --profile minimal --default-toolchain none
  # shellcheck disable=SC1091
  . "${CARGO_HOME:-$HOME/.cargo}/env"
fi
# The toolchain that rust-toolchain.toml names, with the tools that `make check` runs.
cargo --version >/dev/null
cargo fmt --version >/dev/null 2>&1 || rustup component add rustfmt
cargo clippy --version >/dev/null 2>&1 || rustup component add clippy
