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
k create namespace counted
expect "a quota" created create quota few -n counted --hard=pods=2,requests.cpu=1
refuse "who says nothing of what is bounded" 'failed quota: few: must specify requests.cpu for: silent' run -n counted silent --image=silent:1
ask() { echo '{"spec":{"containers":[{"name":"'"$1"'","image":"c:1","resources":{"requests":{"cpu":"'"$2"'"}}}]}}'; }
expect "within the quota" created run -n counted a --image=c:1 --overrides="$(ask a 600m)"
refuse "beyond it" 'exceeded quota: few, requested: requests.cpu=500m, used: requests.cpu=600m, limited: requests.cpu=1' \
  run -n counted b --image=c:1 --overrides="$(ask b 500m)"
expect "the rest" created run -n counted c --image=c:1 --overrides="$(ask c 400m)"
expect "is charged" '^1 2$' get quota few -n counted -o 'jsonpath={.status.used.requests\.cpu} {.status.used.pods}'
refuse "no third one" 'exceeded quota: few, requested: pods=1' run -n counted d --image=c:1 --overrides="$(ask d 0)"
k delete pod c -n counted
soon "what goes is given back" '^600m 1$' get quota few -n counted -o 'jsonpath={.status.used.requests\.cpu} {.status.used.pods}'
expect "and may be used again" created run -n counted e --image=c:1 --overrides="$(ask e 100m)"
k delete namespace bounded counted --wait=false
k delete priorityclass urgent
