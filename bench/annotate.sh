#!/usr/bin/env bash
# Frames and seconds of annotated clips beside those of their sources, and whether Chromium plays
# the videos to their end: clips of several codecs, sizes, rates and orientations.
#
#   bench/annotate.sh MODEL
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
source bench/common.sh
need_shared_data
model=${1:?name a model file}
out=build/bench/annotate
mkdir -p "$out"
machine

# Frames, and seconds from the first to the end of the last.
length_of() {
  ffprobe -v error -select_streams v:0 -of csv=p=0 \
    -show_entries frame=best_effort_timestamp_time,pkt_duration_time "$1" 2>/dev/null |
    sort -n | awk -F, 'NF > 1 { ++n; if (n == 1) first = $1; end = $1 + $2 }
                       END { printf "%d frames, %.3f s", n, end - first }'
}

# NAMES="a.mp4 b.mov" takes some of them.
for name in ${NAMES:-variable_rate_yuv444.mp4 rotation_90.mov rotation_180.mov unordered_timestamps.mov \
  realshort.mp4 fps6.mp4 h265_10bits.mp4 h264_1080p_odd_rate.mp4 structured.mp4}; do
  echo "$name: $(length_of "$data/robustness/$name")"
  for ending in mp4 webm gif; do
    build/vidclass predict "$model" "$data/robustness/$name" --annotate "$out/$name.$ending" -q \
      >/dev/null
    echo "  $ending: $(length_of "$out/$name.$ending")"
  done
  # FFmpeg 5 does not read moving WebP; what the program says of it.
  build/vidclass predict "$model" "$data/robustness/$name" --annotate "$out/$name.webp" --jsonl -q |
    sed -n 's/.*"frames":\([0-9]*\),"duration":\([0-9.]*\).*/  webp: \1 frames, \2 s/p'
done

command -v chromium >/dev/null || { echo "SKIPPED: chromium not found"; exit 0; }
for file in "$out"/*.mp4.mp4 "$out"/*.mov.mp4; do
  [ -e "$file" ] || continue
  cat >"$out/page.html" <<PAGE
<!DOCTYPE html><title>t</title><video muted src="$(basename "$file")"></video><pre></pre><script>
const video = document.querySelector('video');
video.playbackRate = 8;
video.onended = () => document.querySelector('pre').append(
  \`\${video.videoWidth}x\${video.videoHeight}, \${video.duration.toFixed(3)} s, ended, \` +
  \`\${video.getVideoPlaybackQuality().totalVideoFrames} frames\`);
setInterval(() => { for (let i = 0; i < 5e6; ++i); }, 10);  // the clock waits for the clip
video.play();
</script>
PAGE
  echo "$(basename "$file") in Chromium: $(timeout 100 chromium --headless --no-sandbox \
    --disable-gpu --virtual-time-budget=20000 --user-data-dir="$out/profile" --dump-dom \
    "file://$PWD/$out/page.html" 2>/dev/null | sed -n 's/.*<pre>\(.*\)<\/pre>.*/\1/p')"
done
