"""arcas: a cluster of 100,000 nodes in your notebook, deterministic to the bit.

    import arcas
    scenario = arcas.Scenario.load("scenarios/az-outage-1k.yaml")
    run = arcas.run(scenario, seed=7)
    run.summary["recovery_seconds"]["p99"]
    run.frame("pods")

A run is a pure function of its scenario and seed: `run.trace_hash` is the same on every machine.
docs/python.md is the tutorial and the reference.
"""

from arcas._compare import Comparison, compare
from arcas._run import Divergence, Expectation, Run, metric_names, run
from arcas._scenario import Scenario, ScenarioError, explain_format
from arcas._sweep import sweep

__all__ = [
    "Comparison",
    "Divergence",
    "Expectation",
    "Run",
    "Scenario",
    "ScenarioError",
    "compare",
    "explain_format",
    "metric_names",
    "run",
    "sweep",
]
