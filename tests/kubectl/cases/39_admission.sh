# What the namespace and the cluster decide about new pods: LimitRanges and PriorityClasses.
k create namespace bounded
cat >"$folder/range.yaml" <<'Y'
apiVersion: v1
kind: LimitRange
metadata: {name: bounds, namespace: bounded}
spec:
  limits:
  - {type: Container, max: {cpu: "1", memory: 1Gi}, min: {cpu: 50m}, default: {cpu: 500m, memory: 256Mi}, defaultRequest: {cpu: 100m}}
  - {type: Pod, max: {cpu: "2"}}
Y
expect "a limit range" created apply -f "$folder/range.yaml"
expect "a pod that asks for nothing" created run -n bounded plain --image=plain:1
expect "gets the defaults" '^100m 500m 256Mi$' get pod plain -n bounded -o \
  'jsonpath={.spec.containers[0].resources.requests.cpu} {.spec.containers[0].resources.limits.cpu} {.spec.containers[0].resources.limits.memory}'
refuse "one that asks for too much" 'pods "large" is forbidden: \[maximum cpu usage per Container is 1, but limit is 3, maximum cpu usage per Pod is 2, but limit is 3\]' \
  run -n bounded large --image=large:1 --overrides='{"spec":{"containers":[{"name":"large","image":"large:1","resources":{"limits":{"cpu":"3"}}}]}}'
k create deployment -n bounded web --image=web:1
soon "pods of a deployment get them, too" '^100m 500m$' get pods -n bounded -l app=web -o \
  'jsonpath={.items[0].spec.containers[0].resources.requests.cpu} {.items[0].spec.containers[0].resources.limits.cpu}'
soon "and run" '^1$' get deployment web -n bounded -o 'jsonpath={.status.readyReplicas}'
expect "a priority class" created create priorityclass urgent --value=1000 --preemption-policy=Never
expect "a pod of it" created run -n bounded first --image=first:1 --overrides='{"spec":{"priorityClassName":"urgent"}}'
expect "has its number" '^1000 Never$' get pod first -n bounded -o 'jsonpath={.spec.priority} {.spec.preemptionPolicy}'
expect "others have none" '^0 PreemptLowerPriority$' get pod plain -n bounded -o 'jsonpath={.spec.priority} {.spec.preemptionPolicy}'
refuse "no such class" 'pods "lost" is forbidden: no PriorityClass with name nope was found' \
  run -n bounded lost --image=lost:1 --overrides='{"spec":{"priorityClassName":"nope"}}'
refuse "another number" 'integer value of priority \(5\) must not be provided' \
  run -n bounded odd --image=odd:1 --overrides='{"spec":{"priorityClassName":"urgent","priority":5}}'
k delete namespace bounded --wait=false
k delete priorityclass urgent
