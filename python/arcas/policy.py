"""Schedulers written in Python."""

import ctypes
import signal
import threading
import time
from typing import NamedTuple

import numpy

from arcas import _arcas


class PolicyError(RuntimeError):
    """A policy raised, answered wrongly or took too long; the run is over.

    pod_uid: the pod it was asked about. at_seconds: the virtual time. The message holds the
    policy's traceback; what it raised is the `__cause__`."""

    def __init__(self, message, *, pod_uid=None, at_seconds=None):
        super().__init__(message)
        self.pod_uid = pod_uid
        self.at_seconds = at_seconds


class PolicyTimeout(Exception):
    """Raised inside a policy that takes too long."""


class Nodes(NamedTuple):
    """N nodes, in arrays of int64 of shape (N,), read-only and good during the call only.

    Amounts in thousandths of a core (milli) and in bytes; `free` is what no pod has asked for.
    Devices (GPUs) are counted in thousandths of one."""

    index: numpy.ndarray  #: the node's number; does not change in a run
    zone: numpy.ndarray  #: the zone's number, -1 for none
    cpu_milli: numpy.ndarray
    cpu_free_milli: numpy.ndarray
    memory_bytes: numpy.ndarray
    memory_free_bytes: numpy.ndarray
    pods: numpy.ndarray  #: how many pods it may run
    pods_free: numpy.ndarray
    devices: numpy.ndarray  #: how many devices it has, at most 16
    device_model: numpy.ndarray  #: the model's number, -1 without devices
    device_free_total_milli: numpy.ndarray
    device_free_milli: numpy.ndarray  #: of each device, shape (N, 16); 0 behind the last


class PodView(NamedTuple):
    """The pod in question. uid, priority and now_seconds are None where the answer is kept for all
    pods that ask for the same: in `filter` and `score` of a row-wise policy."""

    cpu_milli: int
    memory_bytes: int
    devices: int  #: how many devices
    device_milli: int  #: of each of them, up to 1000
    device_models: int  #: bit m: model m will do
    virtual_machine: bool
    uid: int | None
    priority: int | None
    now_seconds: float | None


class Policy:
    """A scheduler of your own: override any of filter, score and select.

    The filters of the core come first and stay: capacity, taints, affinity, spreading, volumes. The
    methods see nodes that passed them, many at a time. Without `select` the highest score wins, the
    lowest node index among equals; without `score` all scores are 0. A pod for which nothing is
    left waits and is tried again. A pod's devices are those with the least left that do.

    row_wise: the answer of filter and score for a node depends on that node's row and the pod's
    amounts alone. Then it is kept, and asked for again only for nodes that have changed: one call
    for a decision, mostly with one row. Set it to False for what looks at all nodes together, at
    the time, or draws numbers: then every decision calls with all feasible nodes.

    timeout_seconds: of wall time, for one call.

    Runs must be repeatable: draw numbers only from a generator that `reset` seeds, and look at no
    clock. `arcas.run(…, twice=True)` checks it."""

    row_wise = True
    timeout_seconds = 10.0

    def reset(self, *, seed):
        """Called before every run with the scenario's seed."""

    def filter(self, nodes, pod):
        """Which nodes the pod may go to: an array of bool of shape (N,)."""
        raise NotImplementedError

    def score(self, nodes, pod):
        """How good each node is, higher is better: an array of finite numbers of shape (N,)."""
        raise NotImplementedError

    def select(self, nodes, pod, scores):
        """The `nodes.index` to take, or None for none of them. scores: float64, shape (N,)."""
        raise NotImplementedError


def native_policy(policy):
    """The native side of a policy; TypeError for what is none."""
    if not isinstance(policy, Policy):
        raise TypeError(f"policy: {policy!r} is not a policy; allowed: an object of a subclass of "
                        "arcas.Policy")
    methods = [getattr(policy, name) if getattr(type(policy), name) is not getattr(Policy, name)
               else None for name in ("filter", "score", "select")]
    if not any(methods):
        raise TypeError(f"policy: {type(policy).__name__} overrides nothing; allowed: filter, "
                        "score, select")
    return _arcas.NativePolicy(*methods, bool(policy.row_wise), Nodes, PodView)


def raise_failure(native):
    """Raises what the policy did wrong, if anything."""
    failure = native.failure()
    if failure is None:
        return
    native.forget_failure()
    text, exception, uid, at_seconds = failure
    if isinstance(exception, KeyboardInterrupt):
        raise exception
    raise PolicyError(f"pod {uid} at {at_seconds:.6f} s: {text.rstrip()}", pod_uid=uid,
                      at_seconds=at_seconds) from exception


class Watchdog:
    """Ends a call that takes too long: raises PolicyTimeout inside it. In the main thread also out
    of a system call that waits; in others when the policy's code goes on."""

    def __init__(self, native, seconds):
        self._native = native
        self._seconds = seconds
        self._over = threading.Event()
        self._caller = threading.get_ident()
        self._main = threading.current_thread() is threading.main_thread()
        self._thread = threading.Thread(target=self._watch, daemon=True)
        self._handler = None

    def __enter__(self):
        if self._main:
            self._handler = signal.signal(signal.SIGALRM, self._on_alarm)
        self._thread.start()
        return self

    def __exit__(self, *_):
        self._over.set()
        self._thread.join()
        if self._main:
            signal.signal(signal.SIGALRM, self._handler)

    def _on_alarm(self, *_):
        if self._native.busy_seconds() > self._seconds:
            raise PolicyTimeout(f"a call took more than {self._seconds:g} s; "
                                "allowed: Policy.timeout_seconds")

    def _watch(self):
        while not self._over.wait(min(0.1, self._seconds / 4)):
            if self._native.busy_seconds() <= self._seconds:
                continue
            if self._main:
                signal.pthread_kill(self._caller, signal.SIGALRM)
            else:
                ctypes.pythonapi.PyThreadState_SetAsyncExc(ctypes.c_ulong(self._caller),
                                                           ctypes.py_object(PolicyTimeout))
            time.sleep(0.2)
