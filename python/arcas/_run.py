"""Runs: what came of a scenario."""

import contextlib
import json
from typing import NamedTuple

import pandas

from arcas import _arcas
from arcas._progress import progress_of
from arcas._scenario import Scenario, native
from arcas.policy import Watchdog, native_policy, raise_failure

_SLICE_SECONDS = 0.1  # of wall time between two looks at signals and progress
_TABLES = ("pods", "nodes", "events", "samples", "decisions")


class Expectation(NamedTuple):
    """An expectation of the scenario that did not come true."""

    text: str
    seen: str
    where: str


class Divergence(AssertionError):
    """Two runs of the same scenario and seed differed."""


class Run:
    """What came of a run. Made by `run`."""

    def __init__(self, native_run, scenario):
        self._native = native_run
        self.scenario = scenario
        self.summary = json.loads(native_run.summary_json())

    @property
    def trace_hash(self):
        """Hash over every event: equal for two runs that did the same, bit for bit."""
        return self.summary["trace_hash"]

    @property
    def failed_expectations(self):
        """Those of the scenario that did not come true; empty is good."""
        return [Expectation(*failed) for failed in self._native.failed_expectations()]

    @property
    def ok(self):
        """No invariant was violated and every expectation came true."""
        return self.summary["violations"] == 0 and not self.failed_expectations

    def metric(self, name):
        """A figure of the summary by the name that expectations use: "recovery_seconds.p99".
        NaN where the run has none. Raises KeyError for an unknown name."""
        value = self.summary
        derived = {"pods_not_running": lambda s: s["pods"] - s["pods_running"]}
        if name in derived:
            return float(derived[name](value))
        for part in name.split("."):
            if not isinstance(value, dict) or part not in value:
                raise KeyError(f"{name!r} is not a metric; allowed: {', '.join(metric_names())}")
            value = value[part]
        if not isinstance(value, (int, float)):
            raise KeyError(f"{name!r} is not a number; allowed: {', '.join(metric_names())}")
        # Figures that cannot be negative are -1 where there is none.
        return float("nan") if value == -1 else float(value)

    def frame(self, table):
        """A pandas.DataFrame; units stand in the names of its columns.

        "pods": one row for each pod that exists at the end. "nodes": one for each machine.
        "events": the story, one row for each note of a role. "samples": figures over virtual time.
        "decisions": one row for each binding, of runs with decisions=True.
        Numeric columns are the native memory, not copies. Raises KeyError for another name,
        ValueError for decisions that were not recorded."""
        if table not in _TABLES:
            raise KeyError(f"{table!r} is not a table; allowed: {', '.join(_TABLES)}")
        columns = self._native.columns(table)
        return pandas.DataFrame({name: _column(values) for name, values in columns.items()},
                                copy=False)

    def __str__(self):
        return self._native.summary_table()

    def __repr__(self):
        s = self.summary
        return (f"<arcas.Run {s['scenario']!r} seed {s['seed']}: {s['events']} events, "
                f"{s['virtual_seconds']:g} virtual s, hash {s['trace_hash']}>")


def metric_names():
    """The names that `Run.metric` and expectations know."""
    return _arcas.metric_names()


def _column(values):
    if isinstance(values, tuple):
        return pandas.Categorical.from_codes(values[0], values[1])
    return values


def run(scenario, *, seed=None, profile=None, set=None, progress=None, decisions=False,
        trace_folder="", twice=False, policy=None):
    """Simulates a scenario to its end and gives the Run.

    scenario: a Scenario, or the path of a file. seed, profile, set: as of Scenario.change.
    progress: True, False, None (where somebody watches), or a function that gets a dict ten times
    a second. decisions: also record every binding, for Run.frame("decisions").
    trace_folder: where the scenario's trace lies. twice: run again and compare.
    policy: a Policy that chooses nodes in place of the scenario's scheduler.policy.

    The interpreter lock is free while it simulates; Ctrl-C raises KeyboardInterrupt.
    Raises ScenarioError; PolicyError; Divergence when `twice` finds a difference."""
    if not isinstance(scenario, Scenario):
        scenario = Scenario.load(scenario)
    if seed is not None or profile is not None or set is not None:
        scenario = scenario.change(set=set, profile=profile, seed=seed)
    first = _run_once(scenario, progress, decisions, trace_folder, policy)
    if twice:
        second = _run_once(scenario, progress, False, trace_folder, policy)
        if second.trace_hash != first.trace_hash:
            raise Divergence(f"seed {scenario.seed}: the first run's hash is {first.trace_hash}, "
                             f"the second's {second.trace_hash}")
    return first


def _run_once(scenario, progress, decisions, trace_folder, policy):
    own = None if policy is None else native_policy(policy)
    if own is not None:
        policy.reset(seed=scenario.seed)
    native_run = native(_arcas.NativeRun, scenario._native, str(trace_folder), bool(decisions), own)
    watchdog = contextlib.nullcontext() if own is None else Watchdog(own, policy.timeout_seconds)
    show = progress_of(progress)
    try:
        with watchdog:
            while native_run.advance(_SLICE_SECONDS):
                show(native_run)
    finally:
        show.finish()
    if own is not None:
        raise_failure(own)
    return native(Run, native_run, scenario)
