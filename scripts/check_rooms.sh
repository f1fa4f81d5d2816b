#!/usr/bin/env bash
# Holds the includes of include/ and src/ against the order of the rooms: a room includes only
# itself and rooms above it, a library's headers appear only in the room that owns it, and a public
# header includes public ones and the standard library.
#
#   scripts/check_rooms.sh [ROOT]    prints each violation as file:line: reason; exit status 1
set -euo pipefail
cd "${1:-"$(dirname "${BASH_SOURCE[0]}")/.."}"

find include/vidclass src -type f \( -name '*.hpp' -o -name '*.h' -o -name '*.cpp' \) | sort |
  xargs awk '
function violation(reason) {
  printf "%s:%d: %s\n", FILENAME, FNR, reason
  ++violations
}

# Rooms that own the library of a third-party header; "" for the standard library and the
# system; "?" for a header that nobody owns.
function owners(header,    i) {
  for (i = 1; i <= libraries; ++i)
    if (index(header, prefix[i]) == 1) return owner[i]
  if (header !~ /\// && header !~ /\.h/) return ""          # <vector>
  if (header in system_headers || header ~ /^sys\//) return ""
  return "?"
}

function library(header_prefix, rooms) {
  prefix[++libraries] = header_prefix
  owner[libraries] = rooms
}

function may_include(from, to) {
  if (from == to) return 1
  # Its library stands on little.
  if (from == "onnx") return to == "core"
  if (from == "torch") return index(" core video backbone head evaluate train ", " " to " ") > 0
  return rank[to] < rank[from]
}

BEGIN {
  n = split("core video sandbox decoder motion dataset backbone features head evaluate train model classify report torch onnx " \
            "pipeline exchange api serve cli", order, " ")
  for (i = 1; i <= n; ++i) rank[order[i]] = i

  lent["torch/entry.hpp"] = "pipeline"                           # what is looked up in the library
  lent["onnx/entry.hpp"] = "exchange"
  split("libavformat/ libavcodec/ libavutil/ libavfilter/ libavdevice/ libswscale/ " \
        "libswresample/", names, " ")
  for (i in names) library(names[i], "video")
  split("hdf5.h H5 nlohmann/ spdlog/ fmt/ openssl/ curl/ archive zip.h utf8proc.h", names, " ")
  for (i in names) library(names[i], "core")
  split("seccomp.h linux/landlock.h", names, " ")
  for (i in names) library(names[i], "sandbox")
  library("opencv2/", "motion")
  library("lbfgs.h", "train")
  library("cblas.h", "train")
  library("openvino/", "backbone head onnx exchange")
  library("onnx/", "onnx")
  split("torch/ ATen/ c10/ caffe2/ gloo/", names, " ")
  for (i in names) library(names[i], "torch")
  library("ft2build.h", "report")
  library("CLI/", "cli")
  split("boost/ prometheus/ linux/openat2.h", names, " ")
  for (i in names) library(names[i], "serve")

  split("arpa/inet.h dirent.h dlfcn.h fcntl.h iconv.h immintrin.h malloc.h poll.h pthread.h pwd.h sched.h signal.h spawn.h stdint.h strings.h " \
        "termios.h time.h unistd.h wchar.h", names, " ")
  for (i in names) system_headers[names[i]] = 1
}

{ sub(/\r$/, "") }

FNR == 1 {
  parts = split(FILENAME, path, "/")
  public = path[1] == "include"
  room = public ? "include" : path[2]
  in_room = public || (parts > 2 && room in rank)
  if (!in_room) violation("this file is in no known room")
}

in_room && /^[ \t]*#[ \t]*include[ \t]*[<"]/ {
  header = $0
  sub(/^[ \t]*#[ \t]*include[ \t]*/, "", header)
  quoted = substr(header, 1, 1) == "\""
  header = substr(header, 2)
  sub(/[">].*/, "", header)
  split(header, at, "/")

  if (at[1] == "vidclass") {
    if (!quoted) violation("write \"" header "\": it is ours")
  } else if (quoted && at[1] in rank && header ~ /\//) {
    to = at[1]
    if (public) violation("a public header includes the private " header)
    else if (!may_include(room, to) && lent[header] != room)
      violation(room " may not include " header)
  } else {
    rooms = owners(header)
    if (rooms == "?" && quoted) violation(header ": name it from src/ or include/, as room/file.hpp")
    else if (rooms == "?") violation(header ": no room owns this library (scripts/check_rooms.sh)")
    else if (rooms != "" && public) violation("a public header includes " header)
    else if (rooms != "" && index(" " rooms " ", " " room " ") == 0)
      violation(header " belongs to " rooms ", not to " room)
  }
}

END { exit violations > 0 }
' || exit 1
