# CronJobs make Jobs when they are due, and say what is wrong with a schedule.
k create namespace night
refuse "a schedule that is none" "spec.schedule: minute '61': allowed are" create cronjob wrong -n night --image=x:1 --schedule='61 * * * *'
refuse "a time zone that is not served" "spec.timeZone: 'Europe/Rome' is not supported" create -n night -f - <<'EOF'
{"apiVersion":"batch/v1","kind":"CronJob","metadata":{"name":"rome"},"spec":{"schedule":"@daily","timeZone":"Europe/Rome",
 "jobTemplate":{"spec":{"template":{"spec":{"restartPolicy":"Never","containers":[{"name":"c","image":"i"}]}}}}}}
EOF
expect "a CronJob" 'created' create cronjob backup -n night --image=backup:1 --schedule='* * * * *'
expect "by hand as well" 'created' create job first -n night --from=cronjob/backup
soon "the Job by hand is the CronJob's, too" '^first +(Running +0/1|Complete +1/1|0/1)' get job first -n night
expect "suspended" 'patched' patch cronjob backup -n night -p '{"spec":{"suspend":true}}'
expect "columns" '^backup +\* \* \* \* \* +(<none> +)?True +' get cronjob backup -n night
expect "it goes" 'deleted' delete cronjob backup -n night
soon "with its Jobs" '^No resources found' get jobs -n night
k delete namespace night --wait=false
