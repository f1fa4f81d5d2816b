#!/usr/bin/env bash
# Holds what vidclass keeps of clips against what the ffmpeg program decodes, to the pixel:
# compare_with_ffmpeg.sh FRAME_HASHES CLIP...
#
# For each clip: every frame at 299 x 299 (in order, with its time), and 20 uniform frames
# without resizing (the centre square, found by their times). Both sides use swscale with the
# same flags; ffmpeg gets the crop (a square as shown, whatever the shape of the pixels) and, after scaling, the turn that the file's rotation tag
# asks for. Ends with 1 if a readable clip differs.
set -euo pipefail
hashes=$1
shift
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
flags=bicubic+accurate_rnd+full_chroma_int+full_chroma_inp

# field NAME CLIP: of the stream that ffmpeg would choose.
field() {
  sed -n "s/^$1=//p" "$work/stream" | head -1
}

turn() {
  case $(field rotation) in
    -90 | 270) echo ,transpose=clock ;;
    90 | -270) echo ,transpose=cclock ;;
    180 | -180) echo ,hflip,vflip ;;
  esac
}

# ffmpeg_frames CLIP SIZE: "SECONDS SHA256" of every frame, as frame_hashes prints them.
ffmpeg_frames() {
  local crop="crop='min(iw,ih/sar)':'min(iw*sar,ih)'"
  ffmpeg -nostdin -v quiet -threads 1 -noautorotate -i "$1" -map "0:$(field index)" \
    -vsync passthrough -enc_time_base -1 \
    -vf "$crop,scale=$2:$2:flags=$flags,format=gbrp$(turn)" -pix_fmt rgb24 \
    -f framehash -hash sha256 - |
    awk -F', *' '/^#tb/ { split($1, part, /[ \/]/); tick = part[3] / part[4]; next }
      /^#/ { next }
      { if (!n++) first = $3; printf "%.6f %s\n", ($3 - first) * tick, $6 }'
}

failed=0
printf '%-28s %7s %9s %5s %6s\n' clip frames equal kept equal
for clip in "$@"; do
  name=$(basename "$clip")
  # The stream with the most pixels, as ffmpeg chooses.
  ffprobe -v quiet -select_streams v -show_entries \
    stream=index,width,height:stream_side_data=rotation -of compact=p=0:nk=0 "$clip" |
    awk -F'|' '{ w = h = 0; for (i = 1; i <= NF; i++) { split($i, v, "="); if (v[1] == "width") w = v[2]
        if (v[1] == "height") h = v[2] } if (w * h > best) { best = w * h; line = $0 } }
      END { gsub(/\|/, "\n", line); print line }' >"$work/stream"
  side=$(($(field width) < $(field height) ? $(field width) : $(field height)))
  if ! "$hashes" 100000 299 "$clip" >"$work/ours" 2>"$work/error"; then
    printf '%-28s %s\n' "$name" "refused: $(cut -d: -f2- "$work/error")"
    continue
  fi
  "$hashes" 20 0 "$clip" >"$work/kept"
  ffmpeg_frames "$clip" 299 >"$work/theirs"
  ffmpeg_frames "$clip" "$side" >"$work/native"
  # Times agree to a millisecond.
  read -r frames equal < <(awk 'NR == FNR { time[NR] = $1; hash[NR] = $2; n = NR; next }
    { d = $1 - time[FNR]; if ($2 == hash[FNR] && d < 1e-3 && d > -1e-3) same++ }
    END { print (FNR > n ? FNR : n), same + 0 }' "$work/theirs" "$work/ours")
  read -r kept native < <(awk 'NR == FNR { hash[sprintf("%.3f", $1)] = $2; next }
    { n++; if ($2 == hash[sprintf("%.3f", $1)]) same++ }
    END { print n, same + 0 }' "$work/native" "$work/kept")
  printf '%-28s %7s %9s %5s %6s\n' "$name" "$frames" "$equal" "$kept" "$native"
  [ "$frames" = "$equal" ] && [ "$kept" = "$native" ] || failed=1
done
exit $failed
