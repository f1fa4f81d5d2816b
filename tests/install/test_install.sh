#!/usr/bin/env bash
# Uses the library as an outsider does: installs a build, moves the installed folder, builds
# examples/ against it and runs them on synthetic clips.
#
#   tests/install/test_install.sh BUILD_DIR
#
# The targets vidclass, vidclass_program and, with LibTorch, vidclass_torch have to be built; nothing
# is built but the examples. Needs no network. Writes into a temporary folder, and the list of
# installed files into BUILD_DIR, as cmake --install does. Prints the lines of each example, and ends
# with 1 and a reason where something is wrong.
set -euo pipefail
build=$(realpath "$1")
project=$(realpath "$(dirname "${BASH_SOURCE[0]}")/../..")
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"

export XDG_CACHE_HOME=$work/cache VIDCLASS_OFFLINE=1
unset VIDCLASS_TORCH_LIBRARY LD_LIBRARY_PATH CMAKE_PREFIX_PATH DESTDIR

step() { printf '== %s\n' "$*"; }
fail() {
  printf 'test_install: %s\n' "$*" >&2
  exit 1
}
# quietly COMMAND...: its output is shown only if it fails.
quietly() {
  "$@" >"$work/log" 2>&1 || {
    cat "$work/log" >&2
    fail "failed: $*"
  }
}
# refuses NAME COMMAND...: ends with 1, prints nothing and gives one line on stderr that has NAME.
refuses() {
  local status=0
  "${@:2}" >out 2>err || status=$?
  ((status == 1)) || fail "exit status $status instead of 1: ${*:2}"
  [[ ! -s out ]] || fail "prints something though it fails: ${*:2}"
  (($(wc -l <err) == 1)) || fail "not one line on stderr but $(wc -l <err): ${*:2}"
  grep -qF -- "$1" err || fail "the message does not name $1: $(cat err)"
}
# in_unit NUMBER...: each is from 0 to 1.
in_unit() {
  printf '%s\n' "$@" | awk '!/^[0-9.]+(e-[0-9]+)?$/ || $1 > 1 { exit 1 }' ||
    fail "not numbers from 0 to 1: $*"
}

step "install, and move what was installed"
quietly cmake --install "$build" --prefix "$work/installed"
prefix="$work/moved here"
mv installed "$prefix"
if grep -rqF -e "$project" -e "$work/installed" "$prefix"/lib*/cmake "$prefix"/lib/*/cmake 2>/dev/null; then
  fail "the CMake package names folders of the build"
fi
# Where the folder of libraries is lib, lib64 or lib/ARCHITECTURE.
library=$(find "$prefix" -name libvidclass.so)
libs=$(dirname "$library")
for file in "$prefix/bin/vidclass" "$libs"/libvidclass*.so; do
  ldd "$file" >libraries
  if grep -F -e 'not found' -e "=> $project/" -e "=> $build/" libraries; then
    fail "$file does not find its libraries in the installed folder"
  fi
done
quietly "$prefix/bin/vidclass" --version

step "headers: each alone, with the standard library only"
if grep -nE '^ *# *include' "$prefix"/include/vidclass/*.hpp |
  grep -vE 'include (<[a-z_]+>|"vidclass/[a-z_]+\.hpp")$'; then
  fail "a header includes something else than the standard library and vidclass/"
fi
for header in "$prefix"/include/vidclass/*.hpp; do
  printf '#include <vidclass/%s>\n' "${header##*/}" >include.cpp
  quietly "${CXX:-c++}" -std=c++20 -fsyntax-only -Wall -Wextra -Wpedantic -Werror \
    -I "$prefix/include" include.cpp
done

step "build the examples"
quietly cmake -S "$project/examples" -B examples "-DCMAKE_PREFIX_PATH=$prefix" \
  "-DCMAKE_CXX_FLAGS=-Wall -Wextra -Wpedantic -Werror"
quietly cmake --build examples
for name in classify extract train evaluate; do
  printf '%-9s %3d lines\n' "$name" "$(wc -l <"$project/examples/$name.cpp")"
done

step "generate, train"
quietly "$prefix/bin/vidclass" generate clips --groups 6 --clips-per-group 2
clips=(clips/*/*_g01_c01.avi)
quietly examples/train clips mean.safetensors mini mean
models=(mean.safetensors)
if [[ -e $libs/libvidclass_torch.so ]]; then
  quietly examples/train clips gru.safetensors mini gru 2
  models+=(gru.safetensors)
else
  echo "no libvidclass_torch.so, so no gru is trained"
fi
grep -q 'epoch' log || fail "train shows no progress"

for model in "${models[@]}"; do
  step "$model: classify, evaluate"
  examples/classify "$model" "${clips[0]}" | tee out
  (($(wc -l <out) == 3)) || fail "not three labels"
  (($(cut -d ' ' -f 1 out | sort -u | wc -l) == 3)) || fail "a label comes twice"
  while read -r label probability; do
    [[ -d clips/$label ]] || fail "no label of the clips: $label"
    in_unit "$probability"
  done <out
  cut -d ' ' -f 2 out | sort -grC || fail "the most probable label is not the first one"

  examples/evaluate "$model" clips page.html | tee out
  read -r top1 low high < <(sed -nE 's/^top-1 (\S+) \(95 % interval (\S+) to (\S+)\)$/\1 \2 \3/p' out) ||
    fail "no top-1"
  in_unit "$low" "$top1" "$high"
  grep -qi '^<!doctype html>' page.html || fail "page.html is no page"
  rm page.html
done

step "extract"
examples/extract mini "${clips[@]}" | tee out
(($(grep -cE '\.avi: \[20, [1-9][0-9]*\]' out) == ${#clips[@]})) ||
  fail "not one array of 20 frames a clip"

step "what is not there"
refuses absent.mp4 examples/classify mean.safetensors absent.mp4
refuses absent.model examples/classify absent.model "${clips[0]}"
refuses absent.mp4 examples/extract mini absent.mp4
refuses absent.onnx examples/extract absent.onnx "${clips[0]}"
refuses absent examples/train absent model.safetensors mini mean
refuses absent examples/evaluate mean.safetensors absent page.html
[[ ! -e model.safetensors && ! -e page.html ]] || fail "a file was written in spite of an error"
for name in classify extract train evaluate; do
  status=0
  "examples/$name" 2>err || status=$?
  ((status == 2)) && grep -q '^usage: ' err || fail "$name without arguments does not say its usage"
done
step "done"
