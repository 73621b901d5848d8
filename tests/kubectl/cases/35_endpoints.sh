# The addresses behind Services follow their pods.
k create namespace shop
cat >"$folder/shop.yaml" <<'EOF'
apiVersion: apps/v1
kind: Deployment
metadata: {name: till, namespace: shop}
spec:
  replicas: 3
  selector: {matchLabels: {app: till}}
  template:
    metadata: {labels: {app: till}}
    spec:
      containers:
        - name: till
          image: till:1
          ports: [{name: http, containerPort: 8080}]
---
apiVersion: v1
kind: Service
metadata: {name: till, namespace: shop, labels: {team: sales}}
spec:
  selector: {app: till}
  ports: [{name: web, port: 80, targetPort: http}]
---
apiVersion: v1
kind: Service
metadata: {name: elsewhere, namespace: shop}
spec:
  ports: [{port: 80}]
EOF
expect "a Deployment with a Service" '^service/till created' apply -f "$folder/shop.yaml"
soon "pods have addresses" '^([0-9.]+ ){2}[0-9.]+$' get pods -n shop -o 'jsonpath={.items[*].status.podIP}'
soon "endpoints follow" '^till +10\.[0-9.]+:8080,10\.[0-9.]+:8080,10\.[0-9.]+:8080 ' get endpoints till -n shop
expect "each says whose it is" '^Pod Pod Pod$' get endpoints till -n shop -o 'jsonpath={.subsets[0].addresses[*].targetRef.kind}'
expect "the port has the Service's name" '^web 8080 TCP$' get endpoints till -n shop -o 'jsonpath={.subsets[0].ports[0].name} {.subsets[0].ports[0].port} {.subsets[0].ports[0].protocol}'
expect "labels of the Service" '^sales$' get endpoints till -n shop -o 'jsonpath={.metadata.labels.team}'
expect "describe shows them" '^Endpoints: +10\.' describe service till -n shop
soon "a slice as well" '^till-[a-z0-9]+ +IPv4 +8080 +10\.' get endpointslices -n shop
expect "by the Service's name" '^till$' get endpointslices -n shop -l kubernetes.io/service-name=till -o 'jsonpath={.items[*].metadata.ownerReferences[0].name}'
refuse "a Service without selector has none" 'not found' get endpoints elsewhere -n shop
expect "fewer pods" 'scaled' scale deployment till -n shop --replicas=1
soon "fewer addresses" '^till +10\.[0-9.]+:8080 ' get endpoints till -n shop
k patch endpoints till -n shop --type=json -p '[{"op":"remove","path":"/subsets"}]'
soon "what somebody takes away comes back" '^till +10\.[0-9.]+:8080 ' get endpoints till -n shop
expect "another selector" 'patched' patch service till -n shop -p '{"spec":{"selector":{"app":"nobody"}}}'
soon "no pods, no addresses" '^till +<none>' get endpoints till -n shop
expect "the Service goes" 'deleted' delete service till -n shop
cases=$((cases + 1)); for _ in $(seq 50); do k get endpoints,endpointslices -n shop -o name; [ -s "$folder/out" ] && ! grep -q '^No resources' "$folder/out" || break; sleep 0.2; done
[ -s "$folder/out" ] && ! grep -q '^No resources' "$folder/out" && report "endpoints go with their Service"
k delete namespace shop --wait=false
