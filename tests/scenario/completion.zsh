# What an interactive zsh makes of a tabulator. Usage: zsh -f completion.zsh FOLDER-WITH-_arcas
zmodload zsh/zpty
zpty z zsh -f -i
zpty -w z "PS1='> '; fpath=($1 \$fpath); autoload -Uz compinit; compinit -u -D; setopt noautomenu"
sleep 1
ask() {
  local out= more
  zpty -w -n z "$1"
  sleep 1
  while zpty -r -t z more; do out+=$more; done
  print -r -- "$out"
  zpty -w -n z $'\x15'  # the line is empty again
  sleep 0.2
}
ask '' >/dev/null
ask $'arcas sim run --prof\t'
ask $'arcas sim run --profile ark\t'
ask $'arcas sim \t\t'
