"""A placement environment with the interface of Gymnasium, which need not be there."""

from types import SimpleNamespace

import numpy

from arcas.cluster import Cluster, _native_pod


class Discrete:
    """Stands in for gymnasium.spaces.Discrete."""

    def __init__(self, n):
        self.n = n

    def contains(self, action):
        return 0 <= int(action) < self.n

    def sample(self, *, generator, mask=None):
        """One of them, of those that the mask allows where it allows any."""
        allowed = numpy.arange(self.n) if mask is None else numpy.flatnonzero(mask)
        return int(generator.choice(allowed if len(allowed) else self.n))


class Box:
    """Stands in for gymnasium.spaces.Box."""

    def __init__(self, low, high, shape):
        self.low, self.high, self.shape, self.dtype = low, high, shape, numpy.float32

    def contains(self, value):
        return (value.shape == self.shape and value.dtype == self.dtype
                and bool((value >= self.low).all() and (value <= self.high).all()))


class PlacementEnv:
    """Pods arrive one by one; an action is the node for the present one.

    nodes: arguments of Cluster.add_node, one dict for each. arrivals: a function of a
    numpy.random.Generator that gives the episode's list of Pod.

    Observation: float32 of shape (nodes, 5), 0 to 1: free cpu, memory and devices of each node and
    what would be left of cpu and devices with the pod there (0 where it does not fit), as shares
    of the largest node. Action mask, in info["action_mask"]: the nodes that will do. Reward: the
    share of what is asked for of all the devices (of cpu, where no node has any) when the pod was
    placed, else 0. Where no node will do, any action refuses the pod; an action outside the mask
    refuses it too. An episode ends (terminated) with its last pod; it is never truncated."""

    metadata = {"render_modes": []}

    def __init__(self, *, nodes, arrivals):
        self._node_arguments = [dict(node) for node in nodes]
        if not self._node_arguments:
            raise ValueError("nodes: is empty; allowed: at least one")
        self._draw = arrivals
        self._generator = numpy.random.default_rng()
        count = len(self._node_arguments)
        self.action_space = Discrete(count)
        self.observation_space = Box(0.0, 1.0, (count, 5))
        self._devices = sum(n.get("device_milli", 0) for n in self._node_arguments)
        self._cluster = None

    def reset(self, *, seed=None, options=None):
        """Begins an episode: (observation, info). With a seed, the draws start from it."""
        if seed is not None:
            self._generator = numpy.random.default_rng(seed)
        self._cluster = Cluster(policy="best-fit")  # for its devices: the action is the node
        for node in self._node_arguments:
            self._cluster.add_node(**node)
        self._pods = list(self._draw(self._generator))
        if not self._pods:
            raise ValueError("arrivals: gave no pod; allowed: at least one")
        self._at = 0
        self._look()
        return self._observation(), self._info()

    def step(self, action):
        """(observation, reward, terminated, truncated, info)."""
        if self._cluster is None or self._at >= len(self._pods):
            raise RuntimeError("step: no episode is under way; call reset")
        if not self.action_space.contains(action):
            raise ValueError(f"action: {action!r}; allowed: 0 to {self.action_space.n - 1}")
        pod = self._pods[self._at]
        reward = 0.0
        if self._mask[int(action)]:
            self._cluster.place(pod, node=int(action))
            reward = (pod.device_milli / self._devices if self._devices else
                      pod.cpu_milli / sum(n["cpu_milli"] for n in self._node_arguments))
        self._at += 1
        terminated = self._at >= len(self._pods)
        if not terminated:
            self._look()
        return self._observation(), reward, terminated, False, self._info()

    def close(self):
        """Frees the cluster."""
        self._cluster = None

    def _look(self):
        self._mask = numpy.zeros(self.action_space.n, dtype=bool)
        self._mask[self._cluster.feasible(self._pods[self._at])] = True

    def _observation(self):
        nodes = SimpleNamespace(**self._cluster._native.nodes())
        pod = self._pods[min(self._at, len(self._pods) - 1)]
        cpu, memory, devices = (max(1, column.max()) for column in (
            nodes.cpu_milli, nodes.memory_bytes, nodes.devices * 1000))
        return numpy.stack([
            nodes.cpu_free_milli / cpu,
            nodes.memory_free_bytes / memory,
            nodes.device_free_total_milli / devices,
            numpy.where(self._mask, (nodes.cpu_free_milli - pod.cpu_milli) / cpu, 0.0),
            numpy.where(self._mask, (nodes.device_free_total_milli - pod.device_milli) / devices,
                        0.0),
        ], axis=1).clip(0.0, 1.0).astype(numpy.float32)

    def _info(self):
        return {"action_mask": self._mask.copy(), "trace_hash": self._cluster.trace_hash,
                "pods_left": len(self._pods) - self._at}
