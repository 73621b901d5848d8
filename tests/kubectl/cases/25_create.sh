# kubectl create KIND: from 1.32 on the bodies are Protocol Buffers, before that JSON.
k create namespace made
expect "create a config map" '^configmap/made created' create configmap made -n made --from-literal=a=b
expect "its entry" '^b$' get cm made -n made -o 'jsonpath={.data.a}'
expect "create a secret" '^secret/made created' create secret generic made -n made --from-literal=pw=hunter2
expect "its entry" '^aHVudGVyMg==$' get secret made -n made -o 'jsonpath={.data.pw}'
expect "create a deployment" '^deployment.apps/made created' create deployment made -n made --image=registry.example/made:1 --replicas=2 --port=80
expect "what was asked and what was filled in" '^2 RollingUpdate 80 TCP Always$' get deployment made -n made -o 'jsonpath={.spec.replicas} {.spec.strategy.type} {.spec.template.spec.containers[0].ports[0].containerPort} {.spec.template.spec.containers[0].ports[0].protocol} {.spec.template.spec.restartPolicy}'
expect "create a job" '^job.batch/made created' create job made -n made --image=registry.example/made:1 -- sleep 1
expect "its command" '^\["sleep","1"\] Never$' get job made -n made -o 'jsonpath={.spec.template.spec.containers[0].command} {.spec.template.spec.restartPolicy}'
expect "create a cron job" '^cronjob.batch/made created' create cronjob made -n made --image=registry.example/made:1 --schedule='*/5 * * * *'
expect "create a service account" '^serviceaccount/made created' create serviceaccount made -n made
expect "create a service" '^service/made created' create service clusterip made -n made --tcp=80:8080
expect "its ports" '^80 8080 TCP$' get service made -n made -o 'jsonpath={.spec.ports[0].port} {.spec.ports[0].targetPort} {.spec.ports[0].protocol}'
expect "create a quota" '^resourcequota/made created' create quota made -n made --hard=cpu=100,memory=100G,pods=200
expect "its amounts" '^100G$' get quota made -n made -o 'jsonpath={.spec.hard.memory}'
expect "create a role" '^role.rbac.authorization.k8s.io/made created' create role made -n made --verb=get,list --resource=pods,deployments.apps
expect "its rules" '^apps$' get role made -n made -o 'jsonpath={.rules[1].apiGroups[0]}'
expect "create a role's binding" '^rolebinding.rbac.authorization.k8s.io/made created' create rolebinding made -n made --role=made --user=alice
expect "create a role of the cluster" '^clusterrole.rbac.authorization.k8s.io/made created' create clusterrole made --verb=get --resource=nodes
expect "create its binding" '^clusterrolebinding.rbac.authorization.k8s.io/made created' create clusterrolebinding made --clusterrole=made --group=dev
expect "create a budget" '^poddisruptionbudget.policy/made created' create pdb made -n made --selector=app=none --max-unavailable=20%
expect "its share" '^20%$' get pdb made -n made -o 'jsonpath={.spec.maxUnavailable}'
expect "create a priority" '^priorityclass.scheduling.k8s.io/made created' create priorityclass made --value=1000 --description=high
expect "create an ingress" '^ingress.networking.k8s.io/made created' create ingress made -n made --rule='a.example/path*=made:80'
expect "its path" '^/path Prefix made 80$' get ingress made -n made -o 'jsonpath={.spec.rules[0].http.paths[0].path} {.spec.rules[0].http.paths[0].pathType} {.spec.rules[0].http.paths[0].backend.service.name} {.spec.rules[0].http.paths[0].backend.service.port.number}'
refuse "create again" 'AlreadyExists|already exists' create configmap made -n made
refuse "a bad name" 'Invalid value' create configmap Made_ -n made
expect "a dry run" 'draft created \(server dry run\)' create configmap draft -n made --dry-run=server
expect "delete all of a kind" '^deployment.apps "made" deleted' delete deployments --all -n made
k delete clusterrole,clusterrolebinding,priorityclass made
k delete namespace made --wait=false
