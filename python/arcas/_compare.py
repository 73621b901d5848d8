"""Two scenarios against each other, seed by seed."""

import pandas

from arcas import _arcas, _sweep
from arcas._scenario import Scenario


def mean_with_interval(values, confidence=0.95):
    """(mean, half width of its confidence interval) of independent values, by Student's t. NaN
    values are left out; the half width is NaN for less than two."""
    return _arcas.mean_with_interval([float(value) for value in values], confidence)


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
    out. seeds: at least two. The rest as of `sweep`. `arcas compare` is the same on a command line."""
    a, b = (s if isinstance(s, Scenario) else Scenario.load(s) for s in (a, b))
    seeds = list(seeds)
    if len(seeds) < 2:
        raise ValueError("compare: needs at least two seeds")
    metrics = list(metrics or _arcas.headline_metrics())
    rows = _sweep.run_all([s.change(seed=seed) for s in (a, b) for seed in seeds], metrics=metrics,
                          executor=executor, workers=workers, trace_folder=trace_folder)
    frames = [pandas.DataFrame(part, index=pandas.Index(seeds, name="seed"))
              for part in (rows[:len(seeds)], rows[len(seeds):])]
    table = pandas.DataFrame([
        _arcas.compare_pairs(metric, *(frame[metric].tolist() for frame in frames), confidence)
        for metric in metrics])
    return Comparison(table.set_index("metric"), *frames)
