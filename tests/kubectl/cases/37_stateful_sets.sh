# StatefulSets: names and order, scale, rolling update, partition, undo, claims, what goes with them.
k create namespace data
cat >"$folder/data.yaml" <<'EOF'
apiVersion: v1
kind: Service
metadata: {name: db, namespace: data}
spec:
  clusterIP: None
  selector: {app: db}
  ports: [{name: sql, port: 5432}]
---
apiVersion: apps/v1
kind: StatefulSet
metadata: {name: db, namespace: data}
spec:
  serviceName: db
  replicas: 3
  selector: {matchLabels: {app: db}}
  template:
    metadata: {labels: {app: db}}
    spec:
      containers: [{name: db, image: "db:1"}]
EOF
expect "a StatefulSet" '^statefulset.apps/db created' apply -f "$folder/data.yaml"
expect "it is rolled out" 'rolling update complete 3 pods|partitioned roll out complete|statefulset rolling update complete' rollout status statefulset/db -n data --timeout=30s
expect "its pods have names in order" '^db-0 db-1 db-2$' get pods -n data -o 'jsonpath={.items[*].metadata.name}'
expect "each says its index" '^2 db-2 db$' get pod db-2 -n data -o 'jsonpath={.metadata.labels.apps\.kubernetes\.io/pod-index} {.spec.hostname} {.spec.subdomain}'
expect "columns" '^db +3/3 ' get statefulset db -n data
soon "endpoints of a headless Service" '^db +10\.[0-9.]+:5432,10\.[0-9.]+:5432,10\.[0-9.]+:5432 ' get endpoints db -n data
expect "another image" 'image updated' set image statefulset/db -n data db=db:2
expect "rolls out" 'complete' rollout status statefulset/db -n data --timeout=60s
expect "to all of them" '^db:2 db:2 db:2$' get pods -n data -o 'jsonpath={.items[*].spec.containers[0].image}'
expect "with a history" '^2 ' rollout history statefulset/db -n data
expect "back again" 'rolled back' rollout undo statefulset/db -n data
expect "rolls out, too" 'complete' rollout status statefulset/db -n data --timeout=60s
expect "to the first image" '^db:1 db:1 db:1$' get pods -n data -o 'jsonpath={.items[*].spec.containers[0].image}'
expect "a partition" 'patched' patch statefulset db -n data -p '{"spec":{"updateStrategy":{"rollingUpdate":{"partition":2}},"template":{"spec":{"containers":[{"name":"db","image":"db:3"}]}}}}'
soon "updates the last one alone" '^db:1 db:1 db:3$' get pods -n data -o 'jsonpath={.items[*].spec.containers[0].image}'
expect "a pod below it" 'deleted' delete pod db-0 -n data
soon "comes back as it was" '^db:1 db:1 db:3$' get pods -n data -o 'jsonpath={.items[*].spec.containers[0].image}'
expect "fewer" 'scaled' scale statefulset db -n data --replicas=1
soon "the lowest stays" '^db-0$' get pods -n data -o 'jsonpath={.items[*].metadata.name}'
cat >"$folder/claims.yaml" <<'EOF'
apiVersion: apps/v1
kind: StatefulSet
metadata: {name: store, namespace: data}
spec:
  serviceName: store
  podManagementPolicy: Parallel
  replicas: 2
  selector: {matchLabels: {app: store}}
  template:
    metadata: {labels: {app: store}}
    spec:
      containers: [{name: s, image: "s:1", volumeMounts: [{name: disk, mountPath: /data}]}]
  volumeClaimTemplates:
    - metadata: {name: disk}
      spec: {accessModes: [ReadWriteOnce], resources: {requests: {storage: 1Gi}}}
EOF
expect "one with claims" 'created' apply -f "$folder/claims.yaml"
soon "a claim for each pod" '^disk-store-0 disk-store-1$' get pvc -n data -o 'jsonpath={.items[*].metadata.name}'
expect "which it mounts" '^disk-store-1$' get pod store-1 -n data -o 'jsonpath={.spec.volumes[0].persistentVolumeClaim.claimName}'
expect "sets go" 'deleted' delete statefulset db store -n data
soon "and their pods" '^No resources found' get pods -n data
expect "their claims stay" '^disk-store-0 disk-store-1$' get pvc -n data -o 'jsonpath={.items[*].metadata.name}'
soon "their revisions do not" '^No resources found' get controllerrevisions -n data
k delete namespace data --wait=false
