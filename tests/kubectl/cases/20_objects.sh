# The life of an object.
files=$here/manifests
expect "create" '^configmap/settings created' create -f "$files/settings.yaml"
refuse "create again" 'AlreadyExists' create -f "$files/settings.yaml"
expect "get" '^settings +2 +[0-9]+s' get configmap settings
expect "get by short name, wide" '^settings +2 +' get cm settings -o wide
expect "get as YAML" '^  colour: blue$' get cm settings -o yaml
expect "get as JSON" '"colour": "blue"' get cm settings -o json
expect "get by JSON path" '^blue 7$' get cm settings -o 'jsonpath={.data.colour} {.data.size}{"\n"}'
expect "get its name" '^configmap/settings$' get cm settings -o name
expect "columns of one's own" '^settings +blue' get cm settings -o 'custom-columns=N:.metadata.name,C:.data.colour'
expect "get by label" '^settings ' get cm -l app=web
lacks "get by another label" '^settings ' get cm -l app=db
expect "get by field" '^settings ' get cm --field-selector metadata.name=settings
expect "get everywhere" '^default +settings ' get cm -A
expect "label" '^configmap/settings labeled' label cm settings tier=front
expect "labels as columns" '^settings .* front$' get cm settings -L tier
expect "take a label away" '^configmap/settings (unlabeled|labeled)' label cm settings tier-
refuse "label over" 'already has a value|--overwrite' label cm settings app=db
expect "apply" '^configmap/settings (configured|created)' apply -f "$files/settings_changed.yaml"
expect "applied" '^green$' get cm settings -o 'jsonpath={.data.colour}'
expect "apply again" '^configmap/settings unchanged' apply -f "$files/settings_changed.yaml"
expect "annotate" '^configmap/settings annotated' annotate cm settings note=hello
expect "annotation is there" '^hello$' get cm settings -o 'jsonpath={.metadata.annotations.note}'
expect "patch, merge" '^configmap/settings patched' patch cm settings --type merge -p '{"data":{"colour":"red"}}'
expect "patch, JSON" '^configmap/settings patched' patch cm settings --type json -p '[{"op":"remove","path":"/data/size"}]'
expect "patched" '^red \.$' get cm settings -o 'jsonpath={.data.colour} {.data.size}.'
refuse "a bad patch" 'is invalid' patch cm settings --type json -p '[{"op":"remove","path":"/nowhere"}]'
expect "describe" '^colour:$' describe cm settings
expect "dry run" 'configmap/draft created \(server dry run\)' create --dry-run=server -f - < <(sed 's/name: settings/name: draft/' "$files/settings.yaml")
refuse "a dry run leaves nothing" 'NotFound' get cm draft
expect "delete" '^configmap "settings" deleted' delete cm settings
refuse "it is gone" 'configmaps "settings" not found' get cm settings
