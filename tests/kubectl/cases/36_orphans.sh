# Nobody's pods are deleted who asked to keep them.
k create deployment kept --image=kept:1 --replicas=2
refuse "orphans are refused, not deleted" 'propagationPolicy: Orphan is not supported' delete deployment kept --cascade=orphan
expect "it is still there" '^deployment.apps/kept$' get deployment kept -o name
expect "and goes with its pods" 'deleted' delete deployment kept --cascade=foreground
