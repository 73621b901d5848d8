#!/usr/bin/env python3
"""Writes what `kubectl get nodes,pods,… -o json` would say of a cluster, to standard output.

usage: make_snapshot.py NODES PODS [ZONES]

Machines of two shapes over the zones in turn; Deployments of 20 pods with their ReplicaSets, a
third of them spread over zones, a fifth with a PodDisruptionBudget; a DaemonSet on every node. The
pods fill about two thirds of the nodes. What kubectl says beside that (status of containers,
volumes, tolerations, annotations) is there in kind, so that the size is that of real output. The
same arguments give the same bytes.
"""
import json
import sys

SHAPES = (("m5.4xlarge", "15890m", "62Gi"), ("r5.2xlarge", "7910m", "61Gi"))
SIZES = (("100m", "256Mi"), ("250m", "512Mi"), ("500m", "1Gi"), ("1", "2Gi"))


def node(i, zones):
    kind, cpu, memory = SHAPES[i % 2]
    zone = f"eu-1{chr(ord('a') + i % zones)}"
    name = f"ip-10-{i // 65536}-{i // 256 % 256}-{i % 256}.internal"
    yes = [{"type": t, "status": s, "lastHeartbeatTime": "2025-01-01T00:00:00Z",
            "lastTransitionTime": "2025-01-01T00:00:00Z", "reason": "KubeletHas", "message": "kubelet"}
           for t, s in (("MemoryPressure", "False"), ("DiskPressure", "False"),
                        ("PIDPressure", "False"), ("Ready", "True"))]
    amounts = {"cpu": cpu, "memory": memory, "pods": "110", "ephemeral-storage": "95Gi"}
    return {"apiVersion": "v1", "kind": "Node",
            "metadata": {"name": name, "uid": f"node-{i}", "labels": {
                "kubernetes.io/hostname": name, "topology.kubernetes.io/zone": zone,
                "node.kubernetes.io/instance-type": kind, "kubernetes.io/arch": "amd64"}},
            "spec": {"providerID": f"aws:///{zone}/i-{i:016x}"},
            "status": {"allocatable": amounts, "capacity": amounts, "conditions": yes,
                       "nodeInfo": {"kubeletVersion": "v1.32.2", "osImage": "Debian 12"}}}


def spec(app, size, spread):
    cpu, memory = SIZES[size]
    made = {"containers": [{"name": "main", "image": f"registry.example/{app}:1.0",
                            "resources": {"requests": {"cpu": cpu, "memory": memory},
                                          "limits": {"memory": memory}},
                            "env": [{"name": f"VARIABLE_{k}", "value": "x" * 20} for k in range(6)],
                            "volumeMounts": [{"name": "token", "readOnly": True, "mountPath":
                                              "/var/run/secrets/kubernetes.io/serviceaccount"}]}],
            "restartPolicy": "Always", "schedulerName": "default-scheduler", "priority": 0,
            "tolerations": [{"key": f"node.kubernetes.io/{k}", "operator": "Exists",
                             "effect": "NoExecute", "tolerationSeconds": 300}
                            for k in ("not-ready", "unreachable")]}
    if spread:
        made["topologySpreadConstraints"] = [{
            "maxSkew": 2, "topologyKey": "topology.kubernetes.io/zone", "nodeTaintsPolicy": "Honor",
            "whenUnsatisfiable": "DoNotSchedule", "labelSelector": {"matchLabels": {"app": app}}}]
    return made


def owner(kind, name):
    return [{"apiVersion": "apps/v1", "kind": kind, "name": name, "uid": f"uid-{name}",
             "controller": True, "blockOwnerDeletion": True}]


def pod(name, app, owners, made, host):
    ready = [{"type": t, "status": "True", "lastTransitionTime": "2025-01-01T00:00:00Z"}
             for t in ("Initialized", "Ready", "ContainersReady", "PodScheduled")]
    return {"apiVersion": "v1", "kind": "Pod",
            "metadata": {"name": name, "namespace": "default", "uid": f"uid-{name}",
                         "labels": {"app": app}, "annotations": {"note": "y" * 120},
                         "creationTimestamp": "2025-01-01T00:00:00Z", "ownerReferences": owners},
            "spec": {**made, "nodeName": host, "volumes": [{"name": "token", "projected": {
                "defaultMode": 420, "sources": [{"serviceAccountToken": {
                    "expirationSeconds": 3607, "path": "token"}}]}}]},
            "status": {"phase": "Running", "conditions": ready, "podIP": "10.0.0.1",
                       "startTime": "2025-01-01T00:00:00Z", "qosClass": "Burstable",
                       "containerStatuses": [{"name": "main", "ready": True, "restartCount": 0,
                                              "image": f"registry.example/{app}:1.0",
                                              "imageID": "sha256:" + "0" * 64,
                                              "state": {"running": {"startedAt":
                                                                    "2025-01-01T00:00:05Z"}}}]}}


def objects(count, pods, zones):
    nodes = [node(i, zones) for i in range(count)]
    yield from nodes
    hosts = [n["metadata"]["name"] for n in nodes]
    agent = spec("agent", 0, False)
    yield {"apiVersion": "apps/v1", "kind": "DaemonSet",
           "metadata": {"name": "agent", "namespace": "default"},
           "spec": {"selector": {"matchLabels": {"app": "agent"}},
                    "template": {"metadata": {"labels": {"app": "agent"}}, "spec": agent}}}
    for i, host in enumerate(hosts):
        yield pod(f"agent-{i}", "agent", owner("DaemonSet", "agent"), agent, host)
    for a in range((pods + 19) // 20):
        app, replicas = f"app-{a}", min(20, pods - 20 * a)
        made = spec(app, a % 4, a % 3 == 0)
        selector = {"matchLabels": {"app": app}}
        template = {"metadata": {"labels": {"app": app}}, "spec": made}
        yield {"apiVersion": "apps/v1", "kind": "Deployment",
               "metadata": {"name": app, "namespace": "default"},
               "spec": {"replicas": replicas, "selector": selector, "template": template}}
        yield {"apiVersion": "apps/v1", "kind": "ReplicaSet",
               "metadata": {"name": f"{app}-1", "namespace": "default",
                            "ownerReferences": owner("Deployment", app)},
               "spec": {"replicas": replicas, "selector": selector, "template": template}}
        if a % 5 == 0:
            yield {"apiVersion": "policy/v1", "kind": "PodDisruptionBudget",
                   "metadata": {"name": app, "namespace": "default"},
                   "spec": {"maxUnavailable": "25%", "selector": selector}}
        for r in range(replicas):
            host = hosts[(20 * a + r) * 7 % count if count % 7 else (20 * a + r) % count]
            yield pod(f"{app}-1-{r}", app, owner("ReplicaSet", f"{app}-1"), made, host)


def main():
    if len(sys.argv) not in (3, 4):
        sys.exit(__doc__)
    count, pods = int(sys.argv[1]), int(sys.argv[2])
    zones = int(sys.argv[3]) if len(sys.argv) == 4 else 3
    out = sys.stdout
    out.write('{\n    "apiVersion": "v1",\n    "items": [\n')
    first = True
    for made in objects(count, pods, zones):
        out.write(("" if first else ",\n") + json.dumps(made, indent=4))
        first = False
    out.write('\n    ],\n    "kind": "List"\n}\n')


main()
