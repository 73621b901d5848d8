"""Many runs: seeds and parameters over processes, or over machines by an executor."""

import concurrent.futures
import itertools
import os

import pandas

from arcas import _arcas, _run
from arcas._scenario import Scenario


def _one(scenario, metrics, trace_folder):
    """A run in a worker: figures only, so that little travels."""
    done = _run.run(scenario, progress=False, trace_folder=trace_folder)
    row = {metric: done.metric(metric) for metric in metrics}
    row["ok"] = done.ok
    row["trace_hash"] = done.trace_hash
    return row


def run_all(scenarios, *, metrics, executor, workers, trace_folder):
    """Figures of each scenario, in their order, whoever computes them."""
    known = set(_run.metric_names())
    for metric in metrics:
        if metric not in known:
            raise KeyError(f"{metric!r} is not a metric; allowed: {', '.join(sorted(known))}")
    own = executor is None
    if own:
        count = workers or len(os.sched_getaffinity(0))
        executor = concurrent.futures.ProcessPoolExecutor(max_workers=min(count, len(scenarios)))
    try:
        futures = [executor.submit(_one, scenario, list(metrics), str(trace_folder))
                   for scenario in scenarios]
        return [future.result() for future in futures]
    finally:
        if own:
            executor.shutdown(cancel_futures=True)


def sweep(scenario, *, seeds=range(8), values=None, profiles=None, metrics=None, executor=None,
          workers=None, trace_folder=""):
    """Runs every combination of seeds, values and profiles and gives a pandas.DataFrame: one row
    for each run, in order, with its seed, values and profile, its metrics, `ok`, `trace_hash`.

    seeds: numbers. values: {"workload.total_pods": [200, 400]}: paths with values to try.
    profiles: names to try; None: the scenario's. metrics: names as of Run.metric.
    executor: anything with concurrent.futures' `submit`, such as Dask's client, for many machines;
    None: processes here, as many as `workers` (None: one a core). Results do not depend on it.

    Raises ScenarioError before anything runs, KeyError for an unknown metric."""
    if not isinstance(scenario, Scenario):
        scenario = Scenario.load(scenario)
    values = dict(values or {})
    metrics = list(metrics or _arcas.headline_metrics())
    points, scenarios = [], []
    for profile in profiles or [None]:
        for combination in itertools.product(*values.values()):
            chosen = dict(zip(values, combination))
            for seed in seeds:
                changed = scenario.change(set=chosen, profile=profile, seed=seed)
                scenarios.append(changed)
                points.append({"seed": changed.seed, "profile": changed.profile, **chosen})
    if not scenarios:
        raise ValueError("sweep: there is nothing to run; allowed: at least one seed and value")
    rows = run_all(scenarios, metrics=metrics, executor=executor, workers=workers,
                   trace_folder=trace_folder)
    return pandas.DataFrame([{**point, **row} for point, row in zip(points, rows)])
