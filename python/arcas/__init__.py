"""arcas: a cluster of 100,000 nodes in your notebook, deterministic to the bit.

    import arcas
    scenario = arcas.Scenario.load("scenarios/az-outage-1k.yaml")
    run = arcas.run(scenario, seed=7)
    run.summary["recovery_seconds"]["p99"]
    run.frame("pods")

A run is a pure function of its scenario and seed: `run.trace_hash` is the same on every machine.
docs/python.md is the tutorial and the reference.
"""

from arcas._compare import Comparison, compare, mean_with_interval
from arcas._run import Divergence, Expectation, Run, metric_names, run
from arcas._scenario import Scenario, ScenarioError, explain_format
from arcas._sweep import sweep
from arcas._trace import TraceImport, import_trace, trace_kinds
from arcas._whatif import BudgetEffect, Recovery, Snapshot, Unplaced, WhatIf, what_if
from arcas.cluster import Cluster, Placement, Pod, policy_names
from arcas.policy import Nodes, PodView, Policy, PolicyError

__all__ = [
    "BudgetEffect",
    "Cluster",
    "Comparison",
    "Divergence",
    "Expectation",
    "Nodes",
    "Placement",
    "Pod",
    "PodView",
    "Policy",
    "PolicyError",
    "Recovery",
    "Run",
    "Scenario",
    "ScenarioError",
    "Snapshot",
    "TraceImport",
    "Unplaced",
    "WhatIf",
    "compare",
    "explain_format",
    "import_trace",
    "mean_with_interval",
    "metric_names",
    "policy_names",
    "run",
    "sweep",
    "trace_kinds",
    "what_if",
]
