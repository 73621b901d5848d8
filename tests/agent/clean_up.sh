#!/usr/bin/env bash
# Removes all that a test left on this machine. It waits on its standard input until the test ends,
# however that comes about. usage: clean_up.sh DIRECTORY CONTROL_GROUP BRIDGE
directory=$1 group=$2 bridge=$3
trap '' INT TERM HUP
cat >/dev/null
kill_ours() {  # processes in the test's control groups, and those that were started with its directory
  local pid
  cat /sys/fs/cgroup/*/"$group"/cgroup.procs /sys/fs/cgroup/*/"$group"/*/cgroup.procs \
    /sys/fs/cgroup/*/"$group"/*/*/cgroup.procs 2>/dev/null | sort -u | while read -r pid; do kill -9 "$pid" 2>/dev/null; done
  for process in /proc/[0-9]*; do
    pid=${process#/proc/}
    [ "$pid" = $$ ] && continue
    if { tr '\0' ' ' <"$process/cmdline"; } 2>/dev/null | grep -qF -- "$directory"; then
      grep -qF clean_up.sh "$process/cmdline" 2>/dev/null || kill -9 "$pid" 2>/dev/null
    fi
  done
}
kill_ours
sleep 0.1
kill_ours
for _ in 1 2 3; do
  awk -v d="$directory/" 'index($2, d) == 1 {print $2}' /proc/mounts | sort -r | while read -r mount; do umount -l "$mount" 2>/dev/null; done
done
[ -n "$bridge" ] && ip link del "$bridge" 2>/dev/null
for _ in 1 2 3 4 5; do
  find /sys/fs/cgroup/*/"$group" -depth -type d -exec rmdir {} + 2>/dev/null
  ls -d /sys/fs/cgroup/*/"$group" >/dev/null 2>&1 || break
  sleep 0.1
done
rm -rf --one-file-system "$directory"
