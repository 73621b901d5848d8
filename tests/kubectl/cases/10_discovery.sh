# Versions, kinds, health.
expect "server version" '^Server Version: .*v1\.32' version
expect "kinds" '^deployments +deploy +apps/v1 +true +Deployment' api-resources
expect "kinds of the cluster" '^tenants +te +v1 +false +Tenant' api-resources --namespaced=false
expect "versions" '^batch/v1$' api-versions
expect "health" '^ok$' get --raw /livez
expect "readiness, in words" '^readyz check passed' get --raw '/readyz?verbose'
refuse "unknown kinds" "doesn't have a resource type" get frobs
refuse "unknown paths" 'NotFound|could not find' get --raw /nothing/here
