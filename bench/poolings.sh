#!/usr/bin/env bash
# What pooling by motion and of the map in the middle cost: frames a second of extract over one
# clip in six of tennis7, the three ways in turn.
#
#   bench/poolings.sh        REPEATS=5, PRECISION=bf16
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
source bench/common.sh
need_shared_data
out=build/bench/poolings
rm -rf "$out"
mkdir -p "$out"
export XDG_CACHE_HOME=$PWD/$out/cache
machine
every 6 "$data/tennis7/split.csv" "$out/some.csv"
extract() {
  rm -rf "$out/features"
  build/vidclass extract "$out/some.csv" --precision "${PRECISION:-bf16}" --pooling "$1" --quiet \
    --json --cache "$out/features" | sed -n 's/.*"frames_per_second": \([0-9.]*\).*/\1/p'
}
ways=(avg avg,motion avg,motion,middle)
for way in "${ways[@]}"; do extract "$way" >/dev/null; done # compiles the network
for ((round = 0; round < ${REPEATS:-5}; ++round)); do
  for way in "${ways[@]}"; do printf '%s ' "$(extract "$way")"; done
  echo
done | tee "$out/rounds.txt" | awk '
  function median(values, n,    i, j, t) {
    for (i = 1; i <= n; ++i) for (j = i + 1; j <= n; ++j)
      if (values[j] < values[i]) { t = values[i]; values[i] = values[j]; values[j] = t }
    return values[int((n + 1) / 2)]
  }
  { a[NR] = $1; m[NR] = $2 / $1; c[NR] = $3 / $1 }
  END {
    printf "avg: %.1f frames/s; avg,motion: %.3f of it; avg,motion,middle: %.3f of it (%d rounds)\n",
      median(a, NR), median(m, NR), median(c, NR), NR
  }'
