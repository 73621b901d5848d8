# Roles, and a kubeconfig for a tenant's administrator.
tenant_config() { "$server" kubeconfig --data-dir "$folder/data" --server "$address" --tenant blue --output "$folder/$1.kubeconfig" --user "$1"; }
cases=$((cases + 1))
{ tenant_config admin && tenant_config eve; } >"$folder/out" 2>&1 || report "kubeconfigs of tenant blue"
expect "a tenant's administrator" '^default +Active' --kubeconfig "$folder/admin.kubeconfig" get namespaces
refuse "not of the cluster" 'nodes is forbidden: User "admin" cannot list' --kubeconfig "$folder/admin.kubeconfig" get nodes
refuse "not of another tenant" 'Forbidden|forbidden' --kubeconfig "$folder/admin.kubeconfig" --server "$address" get --raw /api/v1/tenants/system/namespaces/default/configmaps
refuse "others may do nothing" 'configmaps is forbidden: User "eve" cannot list' --kubeconfig "$folder/eve.kubeconfig" get configmaps
expect "a binding to a role that every tenant has" 'rolebinding.rbac.authorization.k8s.io/eve created' --kubeconfig "$folder/admin.kubeconfig" create -f - <<'Y'
apiVersion: rbac.authorization.k8s.io/v1
kind: RoleBinding
metadata: {name: eve, namespace: default}
roleRef: {apiGroup: rbac.authorization.k8s.io, kind: ClusterRole, name: view}
subjects: [{apiGroup: rbac.authorization.k8s.io, kind: User, name: eve}]
Y
expect "now he may read" '^settings ' --kubeconfig "$folder/eve.kubeconfig" get configmaps
refuse "and not write" 'forbidden' --kubeconfig "$folder/eve.kubeconfig" delete configmap settings
refuse "nor read secrets" 'forbidden' --kubeconfig "$folder/eve.kubeconfig" get secrets
expect "may I" '^yes' --kubeconfig "$folder/eve.kubeconfig" auth can-i list pods
refuse "may I not" '^no' --kubeconfig "$folder/eve.kubeconfig" auth can-i delete pods
expect "what may I" '^(configmaps|pods) .*\[get list watch\]' --kubeconfig "$folder/eve.kubeconfig" auth can-i --list
cases=$((cases + 1))
grep -q '"user":"eve","tenant":"blue".*"verb":"delete".*"code":403' "$folder/data/audit.log" || { tail -3 "$folder/data/audit.log" >"$folder/out"; report "the refusal is in the audit log"; }
