"""The GPU trace of Alibaba (openb) by the protocol of Weng et al., USENIX ATC 2023: an empty
cluster, pods one by one until their requests reach 130 % of the GPUs, each placed at once or
dropped, none ever leaves. The figure of merit is the share of all GPUs that is allocated.

`folder` holds the CSV files of github.com/alibaba/clusterdata, cluster-trace-gpu-v2023/csv."""

from typing import NamedTuple

import numpy
import pandas

from arcas import _arcas
from arcas._scenario import native
from arcas.cluster import Cluster, Pod


class Arrivals(NamedTuple):
    """One draw of the protocol. nodes: arguments of Cluster.add_node; the first wins a tie."""

    nodes: list
    pods: list


def arrivals(folder, *, workload="default", seed=42, percent=130):
    """Draws the order of nodes and the pods that arrive. Raises ScenarioError."""
    nodes, pods = native(_arcas.openb_arrivals, str(folder), workload, seed, percent)
    keys = ("name", "cpu_milli", "memory_bytes", "pods", "device_milli", "device_model")
    return Arrivals([dict(zip(keys, node)) for node in nodes], [Pod(*pod) for pod in pods])


def allocation(policy, *, folder, workload="default", seed=42):
    """Percent of all GPUs allocated when 100 % and 130 % of them have been asked for: a pair.
    policy: as of Cluster. Cost: one decision for each of some 10,000 pods."""
    drawn = arrivals(folder, workload=workload, seed=seed)
    cluster = Cluster(policy=policy, seed=seed)
    for node in drawn.nodes:
        cluster.add_node(**node)
    placed = cluster.place_all(drawn.pods) >= 0
    capacity = sum(node["device_milli"] for node in drawn.nodes)
    asked = numpy.array([pod.device_milli for pod in drawn.pods])
    allocated = numpy.cumsum(asked * placed) / capacity * 100
    percent = numpy.rint(numpy.cumsum(asked) / capacity * 100)
    return tuple(float(allocated[percent == at].mean()) for at in (100, 130))


def study(folder, *, policies, workloads=("default",), seeds=range(42, 45), threads=2):
    """The same for built-in policies, natively: a row for each workload and policy with means over
    consecutive seeds, and the published means where there are some."""
    seeds = list(seeds)
    if not seeds or seeds != list(range(seeds[0], seeds[0] + len(seeds))):
        raise ValueError("seeds: are not consecutive; allowed: range(42, 52)")
    rows = native(_arcas.openb_study, str(folder), list(workloads), list(policies), seeds[0],
                  len(seeds), threads)
    return pandas.DataFrame(
        [{"workload": workload, "policy": policy, "at_100_percent": numpy.mean(at_100),
          "at_130_percent": numpy.mean(at_130), "published_100_percent": published_100,
          "published_130_percent": published_130}
         for workload, policy, at_100, at_130, published_100, published_130 in rows])
