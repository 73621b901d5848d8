# Namespaces and tenants with contents end; finished Jobs go when their time is over.
k create namespace ending
k apply -f "$here/manifests/crontabs.yaml"
k wait --for=condition=established --timeout=20s crd/crontabs.stable.example.com
soon "a custom resource in a namespace" 'crontab.stable.example.com/nightly (created|unchanged)' apply -n ending -f "$here/manifests/crontab.yaml"
k create deployment web -n ending --image=web:1
k create configmap held -n ending
k patch configmap held -n ending --type=merge -p '{"metadata":{"finalizers":["example.com/hold"]}}'
k delete namespace ending --wait=false
soon "what holds a namespace stands in its conditions" 'example.com/hold in 1 resource instances' get namespace ending -o 'jsonpath={.status.conditions[*].message}'
lacks "the custom resource is gone" '^nightly' get crontabs -n ending
refuse "nothing new is made in it" 'being terminated' create secret generic late -n ending
k patch configmap held -n ending --type=merge -p '{"metadata":{"finalizers":null}}'
soon "it goes" '^No resources found' get namespaces --field-selector metadata.name=ending
k delete crd crontabs.stable.example.com
k create -f - <<'Y'
{"apiVersion": "v1", "kind": "Tenant", "metadata": {"name": "leaving"}}
Y
leaving=https://127.0.0.1:$port/tenants/leaving
k --server "$leaving" create deployment web --image=web:1
k --server "$leaving" create clusterrole reader --verb=get --resource=pods
expect "a tenant with contents" '^default +Active' --server "$leaving" get namespaces
expect "is deleted and goes" 'tenant "leaving" deleted' delete tenant leaving --timeout=60s
lacks "with its roles" '"leaving"' get --raw /apis/rbac.authorization.k8s.io/v1/tenants/all/clusterroles
lacks "and its namespaces" '"leaving"' get --raw /api/v1/tenants/all/namespaces
k create -f - <<'Y'
apiVersion: batch/v1
kind: Job
metadata: {name: brief}
spec:
  ttlSecondsAfterFinished: 3
  template: {spec: {restartPolicy: Never, containers: [{name: c, image: "brief:1"}]}}
Y
expect "a Job finishes" 'condition met' wait --for=condition=complete --timeout=30s job/brief
soon "and goes when its time is over" '^No resources found' get jobs --field-selector metadata.name=brief
soon "with its pods" '^No resources found' get pods -l job-name=brief
