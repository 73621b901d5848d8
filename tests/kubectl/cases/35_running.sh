# Workloads run on hollow nodes: roll-outs, node operations.
soon "nodes are ready" '^hollow-00002 +Ready ' get nodes
expect "a deployment" 'deployment.apps/front created' create -f "$files/front.yaml"
expect "it is rolled out" 'successfully rolled out' rollout status deployment/front --timeout=30s
expect "it is available" 'condition met' wait --for=condition=Available deployment/front --timeout=10s
expect "its pods run" '^front-.* 1/1 +Running +0 ' get pods -l app=front
expect "a new image" 'image updated' set image deployment/front web=registry.example/front:2
expect "it is rolled out, too" 'successfully rolled out' rollout status deployment/front --timeout=30s
expect "with the new image alone" '^(registry\.example/front:2 ?){3}$' get pods -l app=front -o 'jsonpath={.items[*].spec.containers[0].image}'
expect "one revision after the other" '^2 ' rollout history deployment/front
expect "undo" 'rolled back' rollout undo deployment/front
expect "as before" 'successfully rolled out' rollout status deployment/front --timeout=30s
expect "with the old image alone" '^(registry\.example/front:1 ?){3}$' get pods -l app=front -o 'jsonpath={.items[*].spec.containers[0].image}'
expect "restart" 'restarted' rollout restart deployment/front
expect "after a restart" 'successfully rolled out' rollout status deployment/front --timeout=30s
expect "pause" 'paused' rollout pause deployment/front
expect "resume" 'resumed' rollout resume deployment/front
expect "cordon" 'cordoned' cordon hollow-00000
expect "the node says so" '^hollow-00000 .*SchedulingDisabled' get nodes
expect "uncordon" 'uncordoned' uncordon hollow-00000
expect "taint" 'tainted' taint node hollow-00001 key=value:NoSchedule
expect "describe the node" '^Taints: +key=value:NoSchedule' describe node hollow-00001
expect "take the taint away" 'untainted' taint node hollow-00001 key-
expect "a machine" 'pod/machine created' create -f "$files/machine.yaml"
expect "it runs" 'condition met' wait --for=condition=Ready pod/machine --timeout=20s
expect "and goes" 'deleted' delete pod machine --timeout=20s
expect "delete the deployment" 'deleted' delete deployment front
soon "its pods go with it" 'No resources found' get pods -l app=front
