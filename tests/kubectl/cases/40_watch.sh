# A watch sees what happens after it began; the server tells it in time.
cases=$((cases + 1))
timeout 20 "$program" get cm -w >"$folder/watched" 2>&1 &
watcher=$!
k create -f "$files/settings.yaml"
k label cm settings watched=yes
k delete cm settings
for _ in $(seq 100); do
  [ "$(grep -c '^settings ' "$folder/watched")" -ge 3 ] && break
  sleep 0.1
done
kill "$watcher" 2>/dev/null
wait "$watcher" 2>/dev/null
cp "$folder/watched" "$folder/out"
[ "$(grep -c '^settings ' "$folder/watched")" -ge 3 ] || report "a watch tells of a creation, a change and a deletion"
