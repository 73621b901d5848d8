"""What a change would do to a cluster, from nothing but what kubectl says of it."""

import json
import os
from typing import NamedTuple

import pandas

from arcas import _arcas
from arcas._run import _column
from arcas._scenario import native

_COLUMNS = {
    "unplaced": ("kind", "namespace", "workload", "pods", "message", "would_fit"),
    "pending": ("kind", "namespace", "workload", "pods", "message", "would_fit"),
    "budgets": ("namespace", "name", "healthy", "desired", "lost_at_once", "without_place",
                "broken", "blocked"),
    "spread": ("kind", "namespace", "workload", "topology_key", "hard", "max_skew", "before",
               "afterwards"),
    "would_fix": ("shape", "nodes", "places", "left"),
    "batches": ("nodes", "moved", "left"),
}


class Recovery(NamedTuple):
    """How long it takes until the displaced pods run again, simulated with the profile's roles.

    The four p…/max figures run from a pod's displacement; NaN when none recovered.
    first_after_seconds, over_after_seconds: from the change until the first and the last of them
    ran. waiting: not running by the end, simulated_seconds after the change. refused_evictions:
    that a budget never granted. left_behind: pods that tolerate a dead machine for ever. notes:
    what of the cluster was not simulated."""

    displaced: int
    recovered: int
    waiting: int
    refused_evictions: int
    left_behind: int
    p50_seconds: float
    p90_seconds: float
    p99_seconds: float
    max_seconds: float
    first_after_seconds: float
    over_after_seconds: float
    simulated_seconds: float
    notes: list


class Unplaced(NamedTuple):
    """Pods that are alike and find no place. message: Kubernetes's words, for the largest groups,
    else None. would_fit: single changes with which one of them would fit. kind, namespace,
    workload: None for pods without a controller."""

    kind: str
    namespace: str
    workload: str
    pods: int
    message: str
    would_fit: list


class BudgetEffect(NamedTuple):
    """A PodDisruptionBudget that is touched. broken: fewer are healthy than desired if all go at
    once. blocked: evictions that respect it never end."""

    namespace: str
    name: str
    healthy: int
    desired: int
    lost_at_once: int
    without_place: int
    broken: bool
    blocked: bool


class WhatIf:
    """An answer. `answer` is all of it, as `arcas whatif --json` writes it; str() is its text."""

    def __init__(self, answer, text):
        self.answer = answer
        self._text = text

    @property
    def question(self):
        """What was asked, in words."""
        return self.answer["question"]

    @property
    def profile(self):
        return self.answer["profile"]

    @property
    def feasible(self):
        """No pod is without a place because of the change, and no budget blocks it."""
        return self.answer["feasible"]

    @property
    def pods(self):
        """Counts by name: on_nodes, waiting, need_a_place, placed, left, preempted, …"""
        return self.answer["pods"]

    @property
    def unplaced(self):
        """Groups of pods that find no place because of the change, the largest first."""
        return [Unplaced(**row) for row in _rows(self.answer, "unplaced")]

    @property
    def pending(self):
        """Groups of pods that waited before and wait still."""
        return [Unplaced(**row) for row in _rows(self.answer, "pending")]

    @property
    def budgets(self):
        return [BudgetEffect(**row) for row in _rows(self.answer, "budgets")]

    @property
    def could_go(self):
        """Names of nodes that could go afterwards, all of them together."""
        return self.answer["could_go"]["nodes"]

    @property
    def recovery(self):
        """A Recovery; None where nothing was simulated."""
        found = self.answer["recovery"]
        if not found["simulated"]:
            return None
        figures = {key: value for key, value in found.items()
                   if key not in ("simulated", "seconds")}
        figures |= {f"{name}_seconds": value for name, value in found["seconds"].items()}
        return Recovery(**{key: float("nan") if value is None else value
                           for key, value in figures.items()})

    def frame(self, table):
        """A pandas.DataFrame of "unplaced", "pending", "budgets", "spread", "would_fix" (machines
        that would place what is left) or "batches" (of an upgrade). KeyError for another name."""
        if table not in _COLUMNS:
            raise KeyError(f"{table!r} is not a table; allowed: {', '.join(_COLUMNS)}")
        return pandas.DataFrame(_rows(self.answer, table), columns=_COLUMNS[table])

    def __str__(self):
        return self._text

    def __repr__(self):
        return self._text


def _rows(answer, table):
    """The objects of a list, with the workload's parts side by side."""
    rows = []
    for item in answer.get(table, []):
        row = dict(item)
        if "workload" in row:
            workload = row.pop("workload") or {}
            row |= {"kind": workload.get("kind"), "namespace": workload.get("namespace"),
                    "workload": workload.get("name")}
        if table in ("unplaced", "pending"):
            row.setdefault("message", None)
            row.setdefault("would_fit", [])
        rows.append(row)
    return rows


class Snapshot:
    """A cluster as `kubectl get nodes,pods,… -A -o json` printed it. Made by `Snapshot.load`."""

    def __init__(self, *, _native):
        self._native = _native

    @classmethod
    def load(cls, paths):
        """Reads files, JSON or YAML, plain or .gz, or folders of them: one path, or several.

        Bad objects are left out and listed in `problems`. Raises ScenarioError, with file and
        line, for what cannot be read at all."""
        return cls(_native=native(_arcas.NativeSnapshot, _paths(paths)))

    @property
    def report(self):
        """What reading found: taken and passed_over by kind, left_out, problems, notes."""
        return self._native.report()

    @property
    def problems(self):
        """The first of what was left out: file, object and field, what is wrong, what is right."""
        return self.report["problems"]

    @property
    def notes(self):
        """What had to be assumed."""
        return self.report["notes"]

    @property
    def zones(self):
        """Names of the zones that have nodes."""
        return sorted(self.frame("nodes")["zone"].dropna().unique())

    def frame(self, table):
        """A pandas.DataFrame: "nodes" or "pods", one row for each; KeyError for another name."""
        if table not in ("nodes", "pods"):
            raise KeyError(f"{table!r} is not a table; allowed: nodes, pods")
        columns = self._native.columns(table)
        return pandas.DataFrame({name: _column(values) for name, values in columns.items()},
                                copy=False)

    def what_if(self, change, *, target, profile="kubernetes", scheduler_config=None, hints=True,
                recovery=True):
        """The answer of `arcas whatif`, as a WhatIf. Nothing is changed.

        change and target: "az-fail" a zone; "drain" names of nodes; "remove-nodes" a label
        selector; "add-nodes" "SHAPExN"; "scale" "TARGET=N"; "scheduler" the path of a
        KubeSchedulerConfiguration; "upgrade" how many nodes at a time.
        profile: whose scheduler and parameters: "kubernetes", "arcas" or "arktos".
        scheduler_config: a file with the present scheduler's configuration.
        hints: say what would fix it and which nodes could go. recovery: simulate how long it takes.

        The interpreter lock is free meanwhile. Raises ScenarioError for words that mean nothing in
        this cluster, with those that would."""
        arguments = ([str(target)] if isinstance(target, (str, int, os.PathLike))
                     else [str(one) for one in target])
        answer, text = native(self._native.what_if, change, arguments, profile,
                              "" if scheduler_config is None else os.fspath(scheduler_config),
                              bool(hints), bool(recovery))
        return WhatIf(json.loads(answer), text)

    def __repr__(self):
        taken = ", ".join(f"{count} {kind}" for kind, count in self.report["taken"].items())
        return f"<arcas.Snapshot: {taken}>"


def what_if(snapshot, *, change, target, profile="kubernetes", scheduler_config=None, hints=True,
            recovery=True):
    """`Snapshot.what_if` in one call. snapshot: a Snapshot, or what `Snapshot.load` takes."""
    if not isinstance(snapshot, Snapshot):
        snapshot = Snapshot.load(snapshot)
    return snapshot.what_if(change, target=target, profile=profile,
                            scheduler_config=scheduler_config, hints=hints, recovery=recovery)


def _paths(paths):
    if isinstance(paths, (str, os.PathLike)):
        paths = [paths]
    return [os.fspath(path) for path in paths]
