# Several objects of several kinds from one file, namespaces, refusals.
expect "create a deployment" '^deployment.apps/web created' create -f "$files/web.yaml"
expect "get it" '^web +[0-2]/2 ' get deployment web
expect "get it, wide" '^web .*registry\.example/web:1 +app=web' get deploy web -o wide
expect "several kinds" '^service/web ' get deployments,services
expect "all" '^deployment\.apps/web ' get all
expect "describe a deployment" '^Replicas: +2 desired' describe deployment web
expect "a namespace" '^namespace/blue created' create -f - < <(echo '{"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": "blue"}}')
expect "get it" '^blue +Active' get namespace blue
expect "create in it" '^configmap/settings created' create -n blue -f "$files/settings.yaml"
lacks "others are not in it" '^web' get -n blue services
refuse "no such namespace" 'namespaces "red" not found' create -n red -f "$files/settings.yaml"
refuse "a bad name" 'Invalid value: .*RFC 1123' create -f - < <(sed 's/name: settings/name: Settings_/' "$files/settings.yaml")
expect "delete several" '^service "web" deleted' delete -f "$files/web.yaml" --wait=false
