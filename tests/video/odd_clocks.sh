#!/usr/bin/env bash
# Makes recordings whose clock starts anew or leaps, and holds the order of their frames against that
# of the ffmpeg program: odd_clocks.sh FRAME_HASHES
#
# Joined by cat: two recordings of 75 frames, the second one's clock beginning at SECONDS. Remuxed:
# one of them, whose clock leaps by SECONDS. 75 + 75 frames at 25 a second take 6 s where the leap
# counts for nothing. Ends with 1 if a file differs.
set -euo pipefail
hashes=$(realpath "$1")
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
flags=bicubic+accurate_rnd+full_chroma_int+full_chroma_inp

record() { # record SOURCE SECONDS FILE ENCODER...
  local source=$1 start=$2 file=$3
  shift 3
  ffmpeg -nostdin -v quiet -y -f lavfi -i "$source=s=192x144:r=25:d=3" -c:v "$@" -g 25 \
    -muxdelay 0 -muxpreload 0 -output_ts_offset "$start" "$file"
}
joined() { # joined NAME FIRST SECOND ENCODER...
  local name=$1 first=$2 second=$3 header=1
  shift 3
  [ "${name##*.}" = flv ] && header=14
  record testsrc2 "$first" "a.${name##*.}" "$@"
  record testsrc "$second" "b.${name##*.}" "$@"
  { cat "a.${name##*.}"; tail -c +$header "b.${name##*.}"; } >"joined_$name"
}

joined reset.ts 0 0.013 libx264 -preset ultrafast
joined reordered.ts 0 0 mpeg2video -bf 2
joined hour.ts 0 3600 libx264
joined day.ts 0 90000 libx264 -bf 2
joined back.ts 1000 0 libx264
joined reset.flv 0 0.013 flv
joined hour.flv 0 3600 libx264
joined reset.mkv 0 0.013 libx264
joined reset2.mkv 0 0 mpeg4 -bf 2
joined reset.vob 0 0.013 mpeg2video -bf 2
joined hour.vob 0 3600 mpeg2video
record testsrc2 0 a.mp4 libx264
ffmpeg -nostdin -v error -y -i joined_hour.ts -c copy -copyts hour.mp4
ffmpeg -nostdin -v error -y -i joined_hour.ts -c copy -copyts hour.mkv
cat a.mp4 hour.mp4 >joined_first.mp4

failed=0
printf '%-20s %7s %9s %8s\n' file frames "in order" last
for file in joined_* hour.*; do
  if ! "$hashes" 100000 64 "$file" >ours 2>error; then
    printf '%-20s refused: %s\n' "$file" "$(cut -d: -f2- error)"
    failed=1
    continue
  fi
  ffmpeg -nostdin -v quiet -threads 1 -i "$file" -map 0:v:0 -vsync passthrough \
    -enc_time_base -1 -vf "crop=144:144,scale=64:64:flags=$flags,format=gbrp" -pix_fmt rgb24 \
    -f framehash -hash sha256 - | awk -F', *' '!/^#/ { print $6 }' >theirs
  read -r frames equal last < <(awk 'NR == FNR { hash[NR] = $1; n = NR; next }
    { if ($2 == hash[FNR]) same++; last = $1 } END { print (FNR > n ? FNR : n), same + 0, last }' \
    theirs ours)
  printf '%-20s %7s %9s %8s\n' "$file" "$frames" "$equal" "$last"
  [ "$frames" = "$equal" ] || failed=1
  # A leap is time in containers of one clock, and a second movie in an MP4 is none.
  case $file in hour.* | *.mp4) continue ;; esac
  awk -v last="$last" 'BEGIN { exit !(last > 5.91 && last < 6.01) }' || failed=1
done
exit $failed
