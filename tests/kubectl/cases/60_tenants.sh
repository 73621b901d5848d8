# Tenants, in the path and in the address; nobody without an identity.
address=https://127.0.0.1:$port
expect "create a tenant" 'tenant/blue created' create -f - <<'Y'
{"apiVersion": "v1", "kind": "Tenant", "metadata": {"name": "blue"}}
Y
expect "it is there" '^blue +Active +0 ' get tenants
expect "its namespaces, by its address" '^default +Active' --server "$address/tenants/blue" get namespaces
expect "create by its address" '^configmap/settings created' --server "$address/tenants/blue" create -f "$files/settings.yaml"
expect "the tenant is in the object" '^blue$' --server "$address/tenants/blue" get cm settings -o 'jsonpath={.metadata.tenant}'
expect "the same by Arktos's path" '"tenant":"blue"' get --raw /api/v1/tenants/blue/namespaces/default/configmaps/settings
expect "all tenants" '"tenant":"blue".*"tenant":"system"' get --raw /api/v1/tenants/all/configmaps
refuse "nobody without an identity" 'Unauthorized|logged in|401' --kubeconfig /dev/null --server "$address" --insecure-skip-tls-verify --token none get pods
