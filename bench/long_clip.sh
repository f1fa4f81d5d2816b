#!/usr/bin/env bash
# Memory and time of a clip of hours: bench/long_clip.sh [HOURS] (default 2). Makes an H.264
# test clip of 320 x 240 at 25 frames/s with the ffmpeg program, once, then samples and
# extracts it.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
source bench/common.sh
hours=${1:-2}
out=build/bench/long
mkdir -p "$out/clips/long" "$out/clips/short"
clip=$out/clips/long/long$hours.mp4
[ -e "$clip" ] || ffmpeg -nostdin -v error -f lavfi -i testsrc2=size=320x240:rate=25 \
  -t "$((hours * 3600))" -c:v libx264 -preset ultrafast -crf 35 -threads 1 -y -f mp4 "$clip.part"
[ -e "$clip" ] || mv "$clip.part" "$clip"
[ -e "$out/clips/short/short.mp4" ] ||
  ffmpeg -nostdin -v error -i "$clip" -t 2 -c copy "$out/clips/short/short.mp4"
cmake --build build --target bench_decoding -- --quiet
machine
printf '%s: %s hours, %s MB\n' "$clip" "$hours" "$(($(stat -c %s "$clip") / 1000000))"

# measure COMMAND...: wall-clock seconds and peak memory.
measure() {
  /usr/bin/env python3 - "$@" <<'PYTHON'
import resource, subprocess, sys, time
start = time.monotonic()
status = subprocess.run(sys.argv[1:], stdin=open("build/bench/long/list"),
                        stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL).returncode
peak = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1000
print(f"{time.monotonic() - start:.1f} s, {peak:.0f} MB at most" + (f", status {status}" if status else ""))
PYTHON
}
echo "$PWD/$clip" >"$out/list"
echo "20 uniform frames at 299 pixels (twice: once to warm up): $(measure build/bench_decoding 20 299)"
backbones=(mini)
[ -d "$VIDCLASS_WEIGHTS_DIR" ] && backbones+=(xception)
for backbone in "${backbones[@]}"; do
  echo "extract with $backbone: $(measure build/vidclass extract "$out/clips" --backbone "$backbone" --cache "$out/cache/$backbone.$$")"
  rm -rf "$out/cache"
done
