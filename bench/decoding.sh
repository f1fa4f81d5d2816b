#!/usr/bin/env bash
# 20 uniform frames of each clip of data/ucf101, ready as 299 x 299 RGB, one thread: vidclass, and
# its read_frames in Python (python/tests/setup.sh, -DVIDCLASS_PYTHON=ON), beside torchcodec,
# decord, PyAV and OpenCV. bench/decoding.sh [REPEATS] (default 7). Each repeat runs every program
# once, in turn; start-up is not measured. Writes build/bench/decoding/decoding.json.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
source bench/common.sh
need_shared_data
repeats=${1:-7}
out=build/bench/decoding
mkdir -p "$out"
cmake --build build --target bench_decoding -- --quiet
bench/peers/setup.sh
find "$data/ucf101" -name '*.avi' | sort >"$out/clips"
machine
peers=(torchcodec decord pyav opencv)
rm -f "$out"/*.times
for ((i = 0; i < repeats; i++)); do
  OMP_NUM_THREADS=1 build/bench_decoding 20 299 <"$out/clips" >>"$out/vidclass.times"
  PYTHONPATH=build/python build/peers/python/bin/python bench/peers/decode_vidclass.py 20 299 \
    <"$out/clips" >>"$out/read_frames.times"
  for peer in "${peers[@]}"; do
    OMP_NUM_THREADS=1 bench/peers/venv/bin/python "bench/peers/decode_$peer.py" 20 299 \
      <"$out/clips" >>"$out/$peer.times"
  done
done
bench/peers/venv/bin/python - "$out" vidclass read_frames "${peers[@]}" <<'PYTHON'
import importlib.metadata as metadata, json, statistics, sys
out, tools = sys.argv[1], sys.argv[2:]
packages = {"pyav": "av", "opencv": "opencv-python-headless"}
clips = sum(1 for _ in open(f"{out}/clips"))
result = {"clips": clips, "tools": {}}
print(f"{'':<22}median ms a clip   lowest to highest   CPU ms   frames")
for tool in tools:
    runs = [json.loads(line) for line in open(f"{out}/{tool}.times")]
    times = sorted(run["seconds"] / clips * 1000 for run in runs)
    cpu = statistics.median(run["cpu_seconds"] / clips * 1000 for run in runs)
    version = "" if tool in ("vidclass", "read_frames") else metadata.version(packages.get(tool, tool))
    result["tools"][tool] = {"version": version, "milliseconds_a_clip": times,
                             "median": statistics.median(times), "cpu_median": cpu, "frames": runs[0]["frames"]}
    print(f"{tool + ' ' + version:<22}{statistics.median(times):16.1f}   "
          f"{f'{times[0]:.1f} to {times[-1]:.1f}':<17}   {cpu:6.1f}   {runs[0]['frames']}")
json.dump(result, open(f"{out}/decoding.json", "w"), indent=1)
PYTHON
