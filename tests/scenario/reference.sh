#!/usr/bin/env bash
# The committed reference equals what the program says of itself; manual pages and completions are
# good. With --write the reference is written anew. Usage: reference.sh BUILD [--write]
set -u
build=$(realpath "$1")
here=$(cd "$(dirname "$0")/../.." && pwd)
arcas=$build/arcas
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
failed=0
say() { echo "reference: $1"; failed=1; }

"$arcas" reference cli >"$dir/cli.md" || say "arcas reference cli fails"
"$arcas" reference scenario >"$dir/scenario.md" || say "arcas reference scenario fails"
pages="cli scenario"
if [ -d "$build/python" ]; then
  PYTHONPATH=$build/python PYTHONDONTWRITEBYTECODE=1 /usr/bin/python3 "$here/scripts/python_reference.py" \
    >"$dir/python.md" || say "scripts/python_reference.py fails"
  pages="$pages python"
fi
for page in $pages; do
  if [ "${2:-}" = --write ]; then cp "$dir/$page.md" "$here/docs/reference/$page.md"; fi
  diff -u "$here/docs/reference/$page.md" "$dir/$page.md" >"$dir/difference" ||
    { say "docs/reference/$page.md is old; tests/scenario/reference.sh BUILD --write makes it anew"; head -20 "$dir/difference"; }
done

# A manual page without a complaint of troff.
for words in "" "sim run" "whatif az-fail"; do
  "$arcas" man $words >"$dir/page" || say "arcas man $words fails"
  if command -v groff >/dev/null; then
    complaints=$(groff -man -Tutf8 -ww -z "$dir/page" 2>&1)
    [ -z "$complaints" ] || say "arcas man $words: $complaints"
  fi
done
"$arcas" man sim rum >/dev/null 2>"$dir/err"
[ $? -eq 2 ] && grep -q "man: rum is no command of arcas sim; allowed: run," "$dir/err" || say "man sim rum: $(cat "$dir/err")"

# What bash would offer.
"$arcas" completion bash >"$dir/bash" || say "completion bash fails"
offers() {  # $1: what must be among them, rest: the words typed so far, the last one unfinished
  local right=$1
  shift
  COMP_WORDS=("$@") COMP_CWORD=$(($# - 1)) COMPREPLY=()
  _arcas
  case " ${COMPREPLY[*]} " in *" $right "*) ;; *) say "bash: $*: offers ${COMPREPLY[*]}, not $right" ;; esac
}
# shellcheck disable=SC1091
if source "$dir/bash"; then
  offers whatif arcas wh
  offers az-fail arcas whatif ""
  offers --no-recovery arcas whatif az-fail --no
  offers kubernetes arcas whatif az-fail zone-a --profile k
  offers fish arcas completion ""
  offers google-2019 arcas trace import goo
else
  say "bash cannot read its completion"
fi
for shell in zsh fish; do
  "$arcas" completion $shell >"$dir/$shell" || say "completion $shell fails"
  if command -v $shell >/dev/null; then $shell -n "$dir/$shell" || say "$shell cannot read its completion"; fi
done
# What fish and zsh would offer; zsh is asked through a terminal of its own.
if command -v fish >/dev/null; then
  offered=$(HOME=$dir timeout 20 fish -c "source $dir/fish; complete -C 'arcas sim '; complete -C 'arcas sim run --profile ark'")
  grep -q '^bisect' <<<"$offered" && grep -q '^arktos' <<<"$offered" || say "fish offers $offered"
fi
if command -v zsh >/dev/null; then
  mkdir "$dir/functions" && cp "$dir/zsh" "$dir/functions/_arcas"
  offered=$(cd "$dir" && TERM=dumb HOME=$dir timeout 30 zsh -f "$here/tests/scenario/completion.zsh" "$dir/functions")
  for right in 'arcas sim run --profile' 'arcas sim run --profile arktos' bisect; do
    grep -qF -- "$right" <<<"$offered" || say "zsh offers $offered, not $right"
  done
fi
"$arcas" completion csh 2>"$dir/err" && say "completion csh is taken"
grep -q "allowed: bash, zsh, fish" "$dir/err" || say "completion csh: $(cat "$dir/err")"
[ $failed -eq 0 ] && echo "reference: as the program has it; manual pages and completions are good"
exit $failed
