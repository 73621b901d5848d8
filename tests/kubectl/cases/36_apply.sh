# Declared objects: apply from the client and from the server, diff, edit, explain, scale, and what is
# refused on the way.
web=$files/web.yaml
changed() { sed "$1" "$web"; }
expect "apply makes" '^deployment.apps/web created' apply -f "$web"
expect "apply again" '^deployment.apps/web unchanged' apply -f "$web"
expect "apply a change" '^deployment.apps/web configured' apply -f - < <(changed 's/replicas: 2/replicas: 3/')
expect "it is there" '^3 RollingUpdate 600$' get deploy web -o 'jsonpath={.spec.replicas} {.spec.strategy.type} {.spec.progressDeadlineSeconds}{"\n"}'
refuse "diff" '^\+  replicas: 2$' diff -f "$web"
refuse "an unknown field" 'unknown field "(spec\.)?replica"' apply -f - < <(changed 's/replicas: 2/replica: 2/')
refuse "a wrong type" 'replicas' apply -f - < <(changed 's/replicas: 2/replicas: two/')
refuse "a fixed field" 'field is immutable' patch deploy web -p '{"spec":{"selector":{"matchLabels":{"app":"x"}},"template":{"metadata":{"labels":{"app":"x"}}}}}'
expect "set image" '^deployment.apps/web image updated' set image deploy/web '*=registry.example/web:2'
expect "rollout restart" '^deployment.apps/web restarted' rollout restart deploy/web
expect "strategic merge patch" '^deployment.apps/web patched' patch deploy web -p '{"spec":{"template":{"spec":{"containers":[{"name":"side","image":"registry.example/side:1"}]}}}}'
expect "containers are merged" '^registry.example/side:1 registry.example/web:2$' get deploy web -o 'jsonpath={.spec.template.spec.containers[*].image}{"\n"}'
printf '#!/bin/sh\nsed -i "s/replicas: 3/replicas: 4/" "$1"\n' >"$folder/editor"
chmod +x "$folder/editor"
EDITOR=$folder/editor expect "edit" '^deployment.apps/web edited' edit deploy web
expect "scale" '^deployment.apps/web scaled' scale deploy web --replicas=5
expect "explain a kind" 'podManagementPolicy' explain statefulset.spec
expect "explain a field" 'periodSeconds' explain pod.spec.containers.livenessProbe
refuse "a conflict of managers" 'conflict' apply --server-side -f "$web"
expect "apply from the server, by force" '^deployment.apps/web serverside-applied' apply --server-side --force-conflicts -f "$web"
expect "it took over" '^2$' get deploy web -o 'jsonpath={.spec.replicas}{"\n"}'
expect "apply from the server makes" '^configmap/settings serverside-applied' apply --server-side -f "$files/settings.yaml"
expect "delete" '^configmap "settings" deleted' delete -f "$files/settings.yaml"
expect "delete what was applied" '^deployment.apps "web" deleted' delete -f "$web" --wait=false
