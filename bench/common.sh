# For the scripts of this folder, which source it from the project's root.
data=$PWD/../shared/data
export VIDCLASS_WEIGHTS_DIR=${VIDCLASS_WEIGHTS_DIR:-$data/weights}

need_shared_data() {
  [ -d "$data" ] || { echo "SKIPPED: ../shared/data not found"; exit 0; }
}

machine() {
  printf 'machine: %s, %s CPUs, %s\n' "$(sed -n 's/^model name\s*: //p' /proc/cpuinfo | head -1)" \
    "$(nproc)" "$(build/vidclass --version)"
}

# every N CSV OUT: the first clip of a CSV and every N-th after it, with whole paths.
every() {
  python3 - "$@" <<'PY'
import csv, os, sys
nth, source, target = int(sys.argv[1]), os.path.abspath(sys.argv[2]), sys.argv[3]
with open(source) as clips, open(target, "w", newline="") as some:
    writer = csv.writer(some)
    writer.writerow(["path", "label", "group", "split"])
    for number, row in enumerate(csv.DictReader(clips)):
        if number % nth == 0:
            path = os.path.join(os.path.dirname(source), row["path"])
            writer.writerow([path, row["label"], row["group"], row["split"]])
PY
}

# Wall-clock seconds of a command, its output dropped.
seconds() {
  local start end
  start=$(date +%s.%N)
  "$@" >/dev/null 2>&1
  end=$(date +%s.%N)
  awk -v a="$start" -v b="$end" 'BEGIN { printf "%.2f", b - a }'
}

# repeat N COMMAND...: minimum, median and maximum seconds of N runs.
repeat() {
  local n=$1
  shift
  for ((i = 0; i < n; i++)); do
    seconds "$@"
    echo
  done | sort -n | awk '{ v[NR] = $1 } END {
    printf "median %.2f s (%.2f to %.2f, %d runs)\n", v[int((NR + 1) / 2)], v[1], v[NR], NR }'
}
