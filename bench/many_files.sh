#!/usr/bin/env bash
# 100,000 files in ten class folders, of which 1,000 are no clips: how long `scan --quick` takes, and
# what it says of them.
#
#   bench/many_files.sh [FILES [NO_CLIPS]]
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
source bench/common.sh
files=${1:-100000}
no_clips=${2:-1000}
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
machine

python3 - "$work/data" "$files" "$no_clips" <<'END'
import pathlib, random, sys
data, files, no_clips = pathlib.Path(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3])
# As small as a clip can be: a GIF of one pixel.
clip = bytes.fromhex("47494638396101000100800000000000ffffff2c00000000010001000002024401003b")
noise = random.Random(1)
for label in range(10):
    (data / f"class{label}").mkdir(parents=True)
for i in range(files - no_clips):  # each of its own content
    (data / f"class{i % 10}" / f"{i:06d}.gif").write_bytes(clip + i.to_bytes(8, "little"))
for i in range(no_clips):
    ending = (".txt", ".xml", ".json", ".jpg", ".dav", "")[i % 6]
    content = noise.randbytes(20000) if ending == ".dav" else b"<a>some annotation</a>\n" * 100
    (data / f"class{i % 10}" / f"other{i}{ending}").write_bytes(content)
END
for run in first second; do
  echo "$run run:"
  /usr/bin/time -f '%e s, %M KB' build/vidclass scan "$work/data" --quick --cache "$work/cache"
done
