# Custom resources: defined, checked, printed, explained, gone with their definition.
expect "a definition" 'customresourcedefinition.apiextensions.k8s.io/crontabs.stable.example.com created' apply -f "$here/manifests/crontabs.yaml"
expect "is established" 'condition met' wait --for=condition=established --timeout=20s crd/crontabs.stable.example.com
soon "an object of it" 'crontab.stable.example.com/nightly (created|unchanged)' apply -f "$here/manifests/crontab.yaml"
expect "its columns" '^NAME +SPEC +REPLICAS +AGE' get crontabs
expect "by its short name" '^nightly +0 3 \* \* \* +3 ' get ct
expect "as yaml" 'image: busybox' get crontab nightly -o yaml
expect "explained" 'cronSpec' explain crontabs.spec
refuse "what the schema does not allow" 'spec.replicas' patch crontab nightly --type=merge -p '{"spec":{"replicas":99}}'
refuse "what it does not know" 'unknown field "spec.replica"' apply --validate=strict -f - <<'Y'
apiVersion: stable.example.com/v1
kind: CronTab
metadata: {name: wrong}
spec: {cronSpec: "0 3 * * *", replica: 3}
Y
expect "a change" 'crontab.stable.example.com/nightly configured' apply -f - <<'Y'
apiVersion: stable.example.com/v1
kind: CronTab
metadata: {name: nightly}
spec: {cronSpec: "0 4 * * *", replicas: 3}
Y
expect "which shows" '^nightly +0 4 ' get crontabs
expect "in api-resources" '^crontabs +ct +stable.example.com/v1 +true +CronTab' api-resources --api-group=stable.example.com
expect "the definition goes" 'deleted' delete crd crontabs.stable.example.com --wait=true
refuse "and its kind with it" "the server doesn't have a resource type \"crontabs\"|could not find the requested resource|not found" get crontabs
