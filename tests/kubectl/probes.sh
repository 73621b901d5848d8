# Probes, environment and volumes with real containers. Sourced by node.sh.
# shellcheck shell=bash

inside() { within 15 "$1" "$2" exec deploy/probed -- sh -c "$3"; }
within 10 "a deployment with probes" 'deployment.apps/probed created' apply -f "$here/manifests/probes.yaml"
within 30 "runs and is not ready" '^probed-.* 0/1 +Running' get pods
within 10 "neither is its deployment" '^probed +0/1 +1 +0' get deployment probed
inside "environment of labels and of limits" '^probed 250$' 'echo $POD $CPUS'
inside "of config map and secret" '^hello here s3cret$' 'echo $T_greeting $T_place $KEY'
within 10 "which the command has written" '^probed 250$' logs deploy/probed
inside "one volume of many sources" '^hello s3cret$' 'echo $(cat /all/greeting) $(cat /all/deep/key)'
inside "with fields of the pod" 'note="from the template"' 'cat /all/notes'
inside "and its address" '^10[.]88[.]' 'cat /all/ip; echo; test "$(cat /all/ip)" = "$IP" && echo same'
within 10 "a config map that changes" 'patched' patch configmap told -p '{"data":{"greeting":"goodbye"}}'
within 40 "reaches the pod that runs" '^goodbye$' exec deploy/probed -- sh -c 'cat /all/greeting; echo'
inside "it gets ready" '^$|done' 'touch /state/ready; echo done'
within 15 "is ready" '^probed-.* 1/1 +Running' get pods
within 15 "so is its deployment" '^probed +1/1 +1 +1' get deployment probed
inside "it is ready no more" 'done' 'rm /state/ready; echo done'
within 15 "which shows" '^probed-.* 0/1 +Running +0' get pods
within 15 "in the deployment, too" '^probed +0/1 +1 +0' get deployment probed
inside "its life signs end" 'done' 'touch /state/ready; rm /state/alive; echo done'
within 30 "it is begun again" '^probed-.* 1/1 +Running +[1-9]' get pods
within 10 "with what happened" '137 the liveness probe failed' get pods -l app=probed -o \
  'jsonpath={.items[0].status.containerStatuses[0].lastState.terminated.exitCode} {.items[0].status.containerStatuses[0].lastState.terminated.message}'
within 20 "it goes" 'deleted' delete -f "$here/manifests/probes.yaml" --wait=true
within 30 "with its pod" "No resources found" get pods -l app=probed
