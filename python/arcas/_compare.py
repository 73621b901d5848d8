"""Two scenarios against each other, seed by seed."""

import math

import pandas

from arcas import _sweep
from arcas._scenario import Scenario
from arcas._statistics import mean_with_interval


class Comparison:
    """What `compare` found. `table`: one row for each metric. `a`, `b`: figures by seed."""

    def __init__(self, table, a, b):
        self.table = table
        self.a = a
        self.b = b

    def _repr_html_(self):
        return self.table.to_html()

    def __repr__(self):
        return self.table.to_string()


def compare(a, b, *, seeds=range(1, 11), metrics=None, confidence=0.95, executor=None,
            workers=None, trace_folder=""):
    """Runs two scenarios with the same seeds (common random numbers) and compares them in pairs.

    The table has, for each metric, the means of a and b, the mean of the differences b - a,
    `interval`: the half width of its confidence interval (Student's t over the pairs), `pairs`: how
    many seeds have the figure in both, and `verdict` in words. Pairs in which one has none are left
    out. seeds: at least two. The rest as of `sweep`."""
    a, b = (s if isinstance(s, Scenario) else Scenario.load(s) for s in (a, b))
    seeds = list(seeds)
    if len(seeds) < 2:
        raise ValueError("compare: needs at least two seeds")
    metrics = list(metrics or _sweep.default_metrics())
    rows = _sweep.run_all([s.change(seed=seed) for s in (a, b) for seed in seeds], metrics=metrics,
                          executor=executor, workers=workers, trace_folder=trace_folder)
    frames = [pandas.DataFrame(part, index=pandas.Index(seeds, name="seed"))
              for part in (rows[:len(seeds)], rows[len(seeds):])]
    table = pandas.DataFrame([_compared(metric, *frames, confidence) for metric in metrics])
    return Comparison(table.set_index("metric"), *frames)


def _compared(metric, a, b, confidence):
    both = a[metric].notna() & b[metric].notna()
    difference, half = mean_with_interval((b[metric] - a[metric])[both], confidence)
    return {
        "metric": metric,
        "mean_a": a[metric].mean(),
        "mean_b": b[metric].mean(),
        "difference": difference,
        "interval": half,
        "pairs": int(both.sum()),
        "verdict": _verdict(difference, half, int(both.sum()), confidence),
    }


def _verdict(difference, half, pairs, confidence):
    if pairs == 0:
        return "no run has it in both"
    if math.isnan(half):
        return "one pair only: nothing can be said"
    if difference == 0 and half == 0:
        return "the same in every pair"
    if abs(difference) <= half:
        return f"no difference at {confidence:.0%} confidence"
    return f"{'higher' if difference > 0 else 'lower'} in b at {confidence:.0%} confidence"
