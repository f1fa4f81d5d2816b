#!/usr/bin/env bash
# What run says at its start that the whole job will take, beside what it then takes: on the clock,
# and in processor time shared by the threads, which other programs on the machine touch less. Each
# set begins with an empty cache; lite0.
#
#   bench/outlook.sh [OPTIONS OF RUN]        such as --no-compare
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
source bench/common.sh
need_shared_data
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
machine
python3 - "$data" "$work" "$@" <<'PY'
import os, re, resource, shutil, subprocess, sys, time

data, work, options = sys.argv[1], sys.argv[2], sys.argv[3:]


def seconds_in(text):
    units = {"h": 3600, "min": 60, "s": 1}
    return sum(int(number) * units[unit] for number, unit in re.findall(r"(\d+) (h|min|s)\b", text))


def processor_seconds():
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


print("| set | told | clock: taken, told of it | processor time a thread: taken, told of it |")
print("|---|---|---|---|")
for name in ("tennis7", "ut6", "crash2"):
    shutil.rmtree(f"{work}/cache", ignore_errors=True)
    before, began = processor_seconds(), time.monotonic()
    run = subprocess.run(["build/vidclass", "run", f"{data}/{name}/split.csv", "--backbone", "lite0",
                          "-o", f"{work}/out", "--overwrite", "--cache", f"{work}/cache", *options],
                         capture_output=True, text=True)
    clock = time.monotonic() - began
    processor = (processor_seconds() - before) / os.cpu_count()
    if run.returncode != 0:
        sys.exit(run.stderr)
    line = re.search(r"to come, about (.*) in all", run.stdout + run.stderr)
    if not line:
        print(f"| {name} | nothing | {clock:.0f} s | {processor:.0f} s |")
        continue
    told = seconds_in(line[1])
    print(f"| {name} | {told} s | {clock:.0f} s, {100 * told / clock:.0f} % | "
          f"{processor:.0f} s, {100 * told / processor:.0f} % |", flush=True)
PY
