#!/usr/bin/env bash
# Builds and tests a commit where nothing is installed: in a root that debootstrap makes of a
# release of Debian, with git, make and ca-certificates in it and no more. Run as root.
#
#   scripts/bare_root.sh [OPTIONS] SUITE [TARGET...]
#
#   SUITE        bookworm, trixie, ...
#   TARGET       of the Makefile, in this order; "demo test" where none is named
#   --in FOLDER  make the root in FOLDER and leave it there; a root that is there already is used
#                as it is, and what was built in it is built on (default: a temporary folder)
#   --shared     put ../shared beside the clone, read-only
#   --user       work as an ordinary user who may use sudo, which is installed too
#   --install-test  after the targets, of which one has to build, install what is built and build
#                the examples against it (tests/install/test_install.sh)
#
# What is committed is cloned: HEAD of this checkout. Mirrors of Debian, settings of apt and pip,
# proxies and certificates are the machine's own. JOBS and TEST_JOBS are passed on. Prints the time
# that each target takes: elapsed, and of the processor in user code and in the kernel.
#
# Mounts (/proc, /dev, /sys, ../shared) and processes live in namespaces of their own, so that none
# is left behind however the script ends.
set -euo pipefail

say() { printf 'bare root: %s\n' "$*" >&2; }
fail() {
  say "$*"
  exit 1
}
usage() { fail "usage: scripts/bare_root.sh [--in FOLDER] [--shared] [--user] [--install-test] SUITE [TARGET...]"; }

root="" shared=false user=root install_test=false
while [[ ${1:-} == -* ]]; do
  case $1 in
    --in)
      root=$(realpath -m "${2:?"--in needs a folder"}")
      shift
      ;;
    --shared) shared=true ;;
    --user) user=builder ;;
    --install-test) install_test=true ;;
    *) usage ;;
  esac
  shift
done
(($#)) || usage
cd "$(dirname "${BASH_SOURCE[0]}")/.."
readonly suite=$1
targets=("${@:2}")
((${#targets[@]})) || targets=(demo test)

((EUID == 0)) || fail "only root may make a root"
command -v debootstrap >/dev/null || fail "debootstrap is missing: apt-get install debootstrap"
if $shared && [[ ! -d ../shared ]]; then fail "../shared not found"; fi

# A first run of this script makes the folder and starts a second one in namespaces.
if [[ ${BARE_ROOT_INSIDE:-} != 1 ]]; then
  options=()
  if $shared; then options+=(--shared); fi
  if [[ $user != root ]]; then options+=(--user); fi
  if $install_test; then options+=(--install-test); fi
  if [[ -z $root ]]; then
    root=$(mktemp -d)
    trap 'rm -rf --one-file-system "$root"' EXIT
  fi
  mkdir -p "$root"
  chmod 755 "$root"
  BARE_ROOT_INSIDE=1 unshare --mount --pid --fork --kill-child -- \
    scripts/bare_root.sh --in "$root" "${options[@]}" "$suite" "${targets[@]}" &
  # Its child, the first process of the namespace, and with it all others there end with it.
  second=$!
  trap 'kill -KILL "$second"; exit 130' INT
  trap 'kill -KILL "$second"; exit 143' TERM
  wait "$second"
  exit
fi

readonly home=/home/$user
readonly clone=$home/vidclass

# Runs a command in the root as the user named first, with an empty environment but for what leads
# to the network and how many jobs to run.
inside() {
  local as=$1 name variables=()
  for name in $(compgen -e); do
    case $name in
      JOBS | TEST_JOBS | PIP_* | *_proxy | *_PROXY | SSL_CERT_* | CURL_CA_BUNDLE | REQUESTS_CA_BUNDLE)
        variables+=("$name=${!name}")
        ;;
    esac
  done
  # HOME is ours for root too: what a machine's root has there is no business of the build.
  chroot --userspec="$as" "$root" /usr/bin/env -i "${variables[@]}" HOME="$home" USER="$as" \
    LANG=C.UTF-8 PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin "${@:2}"
}

# Prints the machine's sources of packages, as lines of a sources.list for the suite.
sources() {
  local codename uri release
  codename=$(. /etc/os-release && printf '%s' "$VERSION_CODENAME")
  apt-get indextargets --format '$(REPO_URI) $(RELEASE)' 'Created-By: Packages' | sort -u |
    while read -r uri release; do
      case $release in
        "$codename" | "$codename-updates" | "$codename-security")
          printf 'deb [signed-by=/usr/share/keyrings/debian-archive-keyring.gpg] %s %s main\n' \
            "$uri" "$suite${release#"$codename"}"
          ;;
      esac
    done
}

make_root() {
  local lines mirror log
  lines=$(sources)
  mirror=$(sed -n "s/^deb [^ ]* \([^ ]*\) $suite main$/\1/p" <<<"$lines" | head -n 1)
  [[ -n $mirror ]] || fail "no mirror of Debian in the machine's sources of packages"
  say "making $suite in $root"
  log=$(debootstrap --variant=minbase "$suite" "$root" "$mirror" 2>&1) || {
    tail -n 15 <<<"$log" >&2
    fail "debootstrap failed"
  }
  printf '%s\n' "$lines" >"$root/etc/apt/sources.list"
}

# What the machine needs to reach the network.
copy_network_settings() {
  local file
  for file in /etc/resolv.conf /etc/hosts /etc/pip.conf; do
    if [[ -e $file ]]; then cp -L "$file" "$root$file"; fi
  done
  apt-config dump | grep -E '^Acquire::(Check|Retries|https?)' >"$root/etc/apt/apt.conf.d/99machine" || true
  mkdir -p "$root/usr/local/share/ca-certificates"
  for file in /usr/local/share/ca-certificates/*.crt; do
    if [[ -e $file ]]; then cp "$file" "$root/usr/local/share/ca-certificates/"; fi
  done
}

install_first_packages() {
  local packages=(git make ca-certificates)
  if [[ $user != root ]]; then packages+=(sudo); fi
  inside root apt-get -qq update
  inside root env DEBIAN_FRONTEND=noninteractive \
    apt-get -qq -o Dpkg::Use-Pty=0 install -y --no-install-recommends "${packages[@]}" >/dev/null
  inside root update-ca-certificates >/dev/null 2>&1
}

make_user() {
  mkdir -p "$root$home"
  [[ $user != root ]] || return 0
  inside root id "$user" >/dev/null 2>&1 || inside root useradd --home-dir "$home" --shell /bin/bash "$user"
  printf '%s ALL=(ALL) NOPASSWD: ALL\n' "$user" >"$root/etc/sudoers.d/$user"
  inside root chown "$user:" "$home"
}

# Clones HEAD, or brings the clone that is there up to it.
clone_project() {
  git bundle create --quiet "$root/vidclass.bundle" HEAD
  if [[ -d $root$clone ]]; then
    inside "$user" git -C "$clone" fetch --quiet /vidclass.bundle HEAD
    inside "$user" git -C "$clone" reset --quiet --hard FETCH_HEAD
  else
    inside "$user" git -c init.defaultBranch=main -c advice.detachedHead=false \
      clone --quiet /vidclass.bundle "$clone"
  fi
  rm -f "$root/vidclass.bundle"
}

[[ -e $root/etc/debian_version ]] || make_root
copy_network_settings
mount -t proc proc "$root/proc"
mount --rbind /dev "$root/dev"
mount --bind /sys "$root/sys" # how many cores there are
mount -o remount,bind,ro "$root/sys"
install_first_packages
make_user
if $shared; then
  mkdir -p "$root$home/shared"
  mount --bind ../shared "$root$home/shared"
  mount -o remount,bind,ro "$root$home/shared"
fi
clone_project

say "$(inside "$user" sh -c '. /etc/os-release; echo "$PRETTY_NAME"'), commit $(git rev-parse --short HEAD), user $user"
for target in "${targets[@]}"; do
  say "make $target"
  TIMEFORMAT="bare root: make $target took %R s, of the processor %U s and %S s"
  time inside "$user" make -C "$clone" --no-print-directory "$target"
done
if $install_test; then
  say "tests/install/test_install.sh"
  TIMEFORMAT="bare root: the test of the installation took %R s, of the processor %U s and %S s"
  time inside "$user" "$clone/tests/install/test_install.sh" "$clone/build"
fi
