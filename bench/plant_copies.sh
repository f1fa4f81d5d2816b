#!/usr/bin/env bash
# A copy of a set in UCF101's layout (clips as links) whose first training list has 20 more clips:
# copies of 20 test clips, 5 scaled, 5 recompressed, 5 trimmed and 5 mirrored by the ffmpeg
# program, all encoded anew.
#
#   bench/plant_copies.sh SET OUT [SEED]    writes OUT/planted.tsv: kind, planted, source
set -euo pipefail
set_dir=$(realpath "$1")
mkdir -p "$2"
out=$(realpath "$2")
seed=${3:-1}

while read -r class; do
  mkdir -p "$out/$class"
  ln -sf "$set_dir/$class"/* "$out/$class/"
done < <(awk '{ print $2 }' "$set_dir/splits/classInd.txt")
cp -r "$set_dir/splits" "$out/"
chmod -R u+w "$out/splits"
: >"$out/planted.tsv"

# From 0 to below 1, the same for the same seed and name.
draw() { awk -v name="$1" -v seed="$seed" 'BEGIN {
  h = seed; n = length(name)
  for (i = 1; i <= n; ++i) h = (h * 131 + index("0123456789_abcdefghijklmnopqrstuvwxyz", tolower(substr(name, i, 1)))) % 2147483647
  srand(h); rand(); print rand() }'; }
seconds_of() { ffprobe -v error -show_entries format=duration -of csv=p=0 "$1"; }
encode() { # SOURCE TARGET ffmpeg options...
  ffmpeg -nostdin -v error -y -i "$1" "${@:3}" -an "$2"
}

n=0
while read -r clip; do
  source=$set_dir/$clip
  class=${clip%%/*}
  part=$((n / 5)) # which kind
  turn=$((n % 5)) # which of its five
  target=$out/$class/planted_$(printf '%02d' "$n")
  h264=(-c:v libx264 -crf 23)
  case $part in
  0) kind=scaled
    target+=.mp4
    size=(160:120 240:180 480:360 640:480 256:256)
    encode "$source" "$target" -vf "scale=${size[turn]}" "${h264[@]}" ;;
  1) kind=recompressed
    case $turn in
    0 | 1 | 2) target+=.mp4; encode "$source" "$target" -c:v libx264 -crf $((27 + 4 * turn)) ;;
    *) target+=.avi; encode "$source" "$target" -c:v mpeg4 -q:v $((6 * turn)) ;;
    esac ;;
  2) kind=trimmed
    target+=.mp4
    length=$(seconds_of "$source")
    start=$(awk -v l="$length" -v r="$(draw "start $clip")" 'BEGIN { print l * (0.1 + 0.2 * r) }')
    keep=$(awk -v l="$length" -v r="$(draw "keep $clip")" 'BEGIN { print l * (0.4 + 0.25 * r) }')
    case $turn in
    0) encode "$source" "$target" -ss "$start" "${h264[@]}" ;;
    1) encode "$source" "$target" -t "$keep" "${h264[@]}" ;;
    *) encode "$source" "$target" -ss "$start" -t "$keep" "${h264[@]}" ;;
    esac ;;
  3) kind=mirrored
    target+=.mp4
    encode "$source" "$target" -vf hflip "${h264[@]}" ;;
  esac
  label=$(awk -v c="$class" '$2 == c { print $1 }' "$set_dir/splits/classInd.txt")
  echo "$class/$(basename "$target") $label" >>"$out/splits/trainlist01.txt"
  printf '%s\t%s\t%s\n' "$kind" "$class/$(basename "$target")" "$clip" >>"$out/planted.tsv"
  n=$((n + 1))
done < <(awk '{ print $1 }' "$set_dir/splits/testlist01.txt" | while read -r clip; do
  printf '%s\t%s\n' "$(draw "$clip")" "$clip"
done | sort | head -20 | cut -f 2)
