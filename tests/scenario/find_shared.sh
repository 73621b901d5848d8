#!/usr/bin/env bash
# Prints the path of $1 below ARCAS_SHARED or a folder `shared` beside the project; nothing if absent.
here=$(cd "$(dirname "$0")/../.." && pwd)
for root in "${ARCAS_SHARED:-}" "$here/../shared"; do
  if [ -n "$root" ] && [ -e "$root/$1" ]; then
    (cd "$root/$1" && pwd)
    exit 0
  fi
done
