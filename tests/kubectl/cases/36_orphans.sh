# What becomes of what an object owns: orphan, foreground, background; owners of any kind.
k create deployment kept --image=kept:1 --replicas=2
expect "it runs" 'successfully rolled out' rollout status deployment/kept --timeout=60s
k get pods -l app=kept -o 'jsonpath={.items[*].metadata.uid}'
kept_pods=$(cat "$folder/out")
expect "a deployment goes and leaves orphans" 'deleted' delete deployment kept --cascade=orphan
refuse "it is gone" 'not found' get deployment kept
lacks "its set has no owner" 'Deployment' get replicasets -l app=kept -o 'jsonpath={.items[*].metadata.ownerReferences}'
expect "its set stays" '^replicaset.apps/kept-' get replicasets -l app=kept -o name
k delete replicaset -l app=kept --cascade=orphan
soon "the set goes, too" '^No resources found' get replicasets -l app=kept
expect "its pods run on" "^$kept_pods\$" get pods -l app=kept -o 'jsonpath={.items[*].metadata.uid}'
lacks "with no owner" 'ReplicaSet' get pods -l app=kept -o 'jsonpath={.items[*].metadata.ownerReferences}'
k delete pods -l app=kept --wait=false
k create deployment fore --image=fore:1 --replicas=2
expect "another runs" 'successfully rolled out' rollout status deployment/fore --timeout=60s
expect "in the foreground" 'deleted' delete deployment fore --cascade=foreground --timeout=60s
expect "nothing of it is left when it is gone" '^No resources found' get replicasets,pods -l app=fore
k create configmap owner
k get configmap owner -o 'jsonpath={.metadata.uid}'
owner_uid=$(cat "$folder/out")
expect "what a ConfigMap owns" 'secret/owned created' create -f - <<Y
apiVersion: v1
kind: Secret
metadata:
  name: owned
  ownerReferences: [{apiVersion: v1, kind: ConfigMap, name: owner, uid: $owner_uid}]
Y
sleep 1
expect "is there while it is" 'secret/owned' get secret owned -o name
k delete configmap owner
soon "and goes with it" '^No resources found' get secrets --field-selector metadata.name=owned
