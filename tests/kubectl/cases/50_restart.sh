# What was acknowledged is there after a restart; the old kubeconfig's identity still counts.
k create -f "$files/settings.yaml"
cp "$KUBECONFIG" "$folder/old.kubeconfig"
cases=$((cases + 1))
stop_server || { failures=$((failures + 1)); echo "FAILED   the server does not end well on SIGTERM"; }
start_server
expect "it is there after a restart" '^settings +2 ' get cm settings
port=$(sed -n 's|.*server: "https://127.0.0.1:\([0-9]*\)".*|\1|p' "$KUBECONFIG")
expect "the old identity counts" '^settings +2 ' --kubeconfig "$folder/old.kubeconfig" --server "https://127.0.0.1:$port" get cm settings
