#!/usr/bin/env bash
# Whether `explain` points at the cause: synthetic clips in which something happens for 30 % of the
# time only, `mini` and the default head, every test clip that is named rightly. Counted: the frame
# ranked first is one of those in which it happens; and the place ranked first in that frame is one
# that the object touches, or the one that holds its middle (not counted for Brighten and Darken, where the light of all places
# changes). Chance: a frame, a place of what the network saw (`--crop motion`) drawn at random.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
source bench/common.sh
out=build/bench/explain
groups=${GROUPS_A_CLASS:-15}
mkdir -p "$out"
export XDG_CACHE_HOME=$PWD/$out/cache
machine
build/vidclass generate "$out/clips" --groups "$groups" --moment 0.3 -q
build/vidclass run "$out/clips" -o "$out/run" --backbone mini --no-compare -q | tail -4
awk '{ print dir "/" $1 }' dir="$out/clips" "$out/clips/splits/testlist01.txt" >"$out/tests"
build/vidclass explain "$out/run/model.safetensors" - -q <"$out/tests" >"$out/explained"
awk -v width=160 -v height=120 -v grid=4 '
  function square(x) { return x * x }
  # Does the circle touch the cell whose middle is (u, v)? `side` is that of what was seen.
  function touches(u, v, x, y, r,    half, dx, dy) {
    half = side / grid / 2
    dx = x - u; dy = y - v
    dx = dx > half ? dx - half : dx < -half ? dx + half : 0
    dy = dy > half ? dy - half : dy < -half ? dy + half : 0
    return square(dx) + square(dy) < square(r)
  }
  /^[^ ]/ { clip = $0; split(clip, parts, "/"); truth = parts[length(parts) - 1]; next }
  /log odds/ { right = $1 == truth; first = 1; next }
  /the network saw/ {
    left = $4 / 100 * width; side = $6 / 100 * width - left; top = $12 / 100 * height
    next
  }
  first && / s  [+-]/ {
    first = 0
    if (!right) { ++wrong; next }
    time = $1; u = $7 / 100 * width; v = $12 / 100 * height
    ++clips
    table = clip ".csv"; inside = 0; rows = 0; from = to = -1
    while ((getline row < table) > 0) {
      if (split(row, f, ",") < 4 || f[1] == "time") continue
      if (from < 0) from = f[1]
      to = f[1]; ++rows
      if (f[1] > time - 0.02 && f[1] < time + 0.02) { inside = 1; x = f[2]; y = f[3]; r = f[4] }
    }
    close(table)
    moments += inside
    if (inside && truth != "Brighten" && truth != "Darken") {
      ++placed
      places += touches(u, v, x, y, r)
      middles += touches(u, v, x, y, 0.001)
      touched = 0
      for (i = 0; i < grid; ++i) for (j = 0; j < grid; ++j)
        touched += touches(left + (i + 0.5) * side / grid, top + (j + 0.5) * side / grid, x, y, r)
      chance += touched / (grid * grid)
    }
  }
  END {
    printf "clips named rightly: %d of %d\n", clips, clips + wrong
    printf "moment ranked first: %.1f %% (chance 30 %%)\n", 100 * moments / clips
    printf "place ranked first is touched by the object: %.1f %% of %d (chance %.1f %%)\n", 100 * places / placed, placed, 100 * chance / placed
    printf "it holds the middle of the object: %.1f %% (chance %.1f %%)\n", 100 * middles / placed, 100 / grid / grid
  }' "$out/explained"
