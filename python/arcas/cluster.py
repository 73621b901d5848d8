"""Direct placement experiments: nodes, pods and the scheduler, without time and control plane."""

from typing import NamedTuple

import numpy
import pandas

from arcas import _arcas
from arcas.policy import Policy, Watchdog, native_policy, raise_failure


class Pod(NamedTuple):
    """What a pod asks for. device_milli: thousandths of devices (GPUs), up to 1000 of one shared
    device, beyond that whole ones. device_models: "A100|V100" allows either, "" any.
    node_selector: labels that the node must have."""

    cpu_milli: int = 0
    memory_bytes: int = 0
    device_milli: int = 0
    device_models: str = ""
    node_selector: dict = {}
    priority: int = 0


class Placement(NamedTuple):
    """Where a pod went."""

    uid: int
    node: int


def _native_pod(pod):
    return _arcas.PodRequest(*pod)


class Cluster:
    """Nodes and pods, placed by the scheduler of the core.

    policy: None for the scores of the default profile, a name out of `policy_names()`, or a Policy
    of your own. seed: handed to the policy's reset."""

    def __init__(self, *, policy=None, seed=0):
        own = isinstance(policy, Policy)
        if policy is not None and not own and not isinstance(policy, str):
            raise TypeError(f"policy: {policy!r} is no policy; allowed: None, a name, or a Policy")
        self._policy = native_policy(policy) if own else None
        self._timeout = policy.timeout_seconds if own else None
        if own:
            policy.reset(seed=seed)
        self._native = _arcas.NativeCluster("" if own or policy is None else policy, self._policy)

    def _asked(self, function, *arguments):
        if self._policy is None:
            return function(*arguments)
        with Watchdog(self._policy, self._timeout):
            result = function(*arguments)
        raise_failure(self._policy)
        return result

    def add_node(self, *, cpu_milli, memory_bytes, pods=110, device_milli=0, device_model="",
                 zone="", name="", labels=None, taints=None):
        """Gives the node's index: 0, 1, 2… in the order of adding. device_milli: 1000 for each
        device. taints: key to value, each NoSchedule."""
        return self._native.add_node(_arcas.NodeRequest(
            name, cpu_milli, memory_bytes, pods, device_milli, device_model, zone,
            dict(labels or {}), dict(taints or {})))

    def remove_node(self, node):
        """Takes the node away with its pods. KeyError: it is not there."""
        self._native.remove_node(node)

    def place(self, pod, *, node=None):
        """Places a pod; gives its Placement, or None where no node will do. node: the only one
        that will. Raises PolicyError."""
        uid, node = self._asked(self._native.place, _native_pod(pod), -1 if node is None else node)
        return None if node < 0 else Placement(uid, node)

    def place_all(self, pods):
        """Places pods one after the other; gives their nodes in an array, -1 for none."""
        return self._asked(self._native.place_all, [_native_pod(pod) for pod in pods])

    def remove(self, uid):
        """Takes a placed pod away. KeyError: it is not there."""
        self._native.remove_pod(uid)

    def feasible(self, pod):
        """The nodes that pass the core's filters, ascending. A policy's own filter is no part."""
        return self._asked(self._native.scores, _native_pod(pod))[0]

    def scores(self, pod):
        """The scores of the feasible nodes: a Series by node index. -inf: the policy's filter
        refuses the node."""
        nodes, scores = self._asked(self._native.scores, _native_pod(pod))
        return pandas.Series(scores, index=pandas.Index(nodes, name="node"), name="score")

    def why_pending(self, pod):
        """Why the core's filters leave no node, in Kubernetes's words."""
        return self._native.why_pending(_native_pod(pod))

    def nodes(self):
        """A DataFrame of the nodes: the columns of arcas.Nodes, and their names and zones."""
        columns = dict(self._native.nodes())
        columns.pop("device_free_milli")
        frame = pandas.DataFrame(columns).set_index("index")
        frame.insert(0, "name", self._native.node_names())
        frame["zone"] = pandas.Categorical.from_codes(frame["zone"], self._native.zone_names())
        return frame

    def device_free_milli(self):
        """Free thousandths of each device: an array of shape (nodes, 16)."""
        return numpy.array(self._native.nodes()["device_free_milli"])

    @property
    def decisions(self):
        """Decisions taken so far."""
        return self._native.decisions()

    @property
    def trace_hash(self):
        """A hash over all decisions so far."""
        return self._native.hash()


def policy_names():
    """The built-in placement policies."""
    return _arcas.policy_names()
