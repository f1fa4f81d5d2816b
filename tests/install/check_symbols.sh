#!/usr/bin/env bash
# Holds what libvidclass shows against what include/vidclass marks VIDCLASS_EXPORT:
#
#   tests/install/check_symbols.sh LIBRARY
#
# Prints each symbol that is neither a marked function, a method declared in a marked class nor the
# type information of a marked class; and each of these that the library lacks, but for functions
# that are defined in the headers. Ends with 1 if there is any.
set -euo pipefail
library=$1
headers=$(dirname "${BASH_SOURCE[0]}")/../../include/vidclass
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

# "needed NAME" of declarations, "allowed NAME" of what is defined in place, "class NAME".
cat "$headers"/*.hpp | sed -E 's,//.*,,; /^ *#/d' | awk '
function close_statement(kind,    name) {
  gsub(/[ \t\n]+/, " ", statement)
  sub(/^ /, "", statement)
  sub(/^(public|private|protected): /, "", statement)
  if (kind == "{" && match(statement, /(^|> )(class|struct) (VIDCLASS_EXPORT )?[A-Za-z_]+/)) {
    name = substr(statement, RSTART, RLENGTH)
    sub(/.* /, "", name)
    scope[depth + 1] = scope[depth] name "::"
    marked[depth + 1] = statement ~ /VIDCLASS_EXPORT/
    if (marked[depth + 1]) print "class", scope[depth] name
  } else if (kind == "{" && statement ~ /^namespace /) {
    name = statement
    sub(/^namespace /, "", name)
    sub(/ $/, "", name)
    scope[depth + 1] = scope[depth] name "::"
    marked[depth + 1] = 0
  } else {
    if (statement ~ /\(/ && scope[depth] != "" &&
        (marked[depth] || statement ~ /VIDCLASS_EXPORT/) &&
        statement !~ /= (default|delete)|^friend |^static_assert|^template /) {
      name = statement
      sub(/\(.*/, "", name)
      if (match(name, /operator *[^ A-Za-z]+$/)) name = substr(name, RSTART)
      else sub(/.*[ &*]/, "", name)
      print (kind == "{" ? "allowed" : "needed"), scope[depth] name
    }
    scope[depth + 1] = ""
    marked[depth + 1] = 0
  }
  statement = ""
}
{ text = text $0 "\n" }
END {
  count = split(text, letter, "")
  for (i = 1; i <= count; ++i) {
    c = letter[i]
    if (c == "(") ++round
    if (c == ")") --round
    if (round == 0 && c == "{") { close_statement("{"); ++depth }
    else if (round == 0 && c == "}") { --depth; statement = "" }
    else if (round == 0 && c == ";") close_statement(";")
    else statement = statement c
  }
}' | sort -u >"$work/public"

nm -D --defined-only "$library" | sed -E 's/^[0-9a-f]* +[A-Za-z] //; s/@.*//' | c++filt |
  sort -u >"$work/symbols"

awk '
NR == FNR { kind[$2] = kind[$2] " " $1; next }
{
  ++symbols
  name = $0
  if (sub(/^(typeinfo|typeinfo name|vtable|VTT) for /, "", name)) {
    if (kind[name] ~ /class/) typed[name] = 1
    else { print "not public: " $0; ++wrong }
    next
  }
  sub(/\(.*/, "", name)
  sub(/\[abi:[a-z0-9]+\]$/, "", name)
  if (kind[name] ~ /needed|allowed/) seen[name] = 1
  else { print "not public: " $0; ++wrong }
}
END {
  for (name in kind) {
    if (kind[name] !~ /needed/) continue
    ++functions
    if (!(name in seen)) { print "missing: " name; ++wrong }
    class = name
    sub(/::[^:]*$/, "", class)
    has_functions[class] = 1
  }
  # A class without a function of its own in the library is an exception; its type has to be.
  for (name in kind) {
    if (kind[name] !~ /class/) continue
    ++classes
    if (!(name in has_functions) && !(name in typed)) { print "missing: typeinfo for " name; ++wrong }
  }
  if (!functions || !classes) { print "no public names found in the headers"; exit 1 }
  if (!wrong)
    printf "%d symbols, all of %d public functions and %d classes\n", symbols, functions, classes
  exit wrong > 0
}' "$work/public" "$work/symbols"
