#!/usr/bin/env bash
# All benchmarks, one after another; nothing else should be running.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
for bench in predict keras_gru extraction poolings memory ranks kill_extract kill_train train_memory \
    accuracy report explain leaks scan; do
  printf '\n== bench/%s.sh\n' "$bench"
  "bench/$bench.sh"
done
