"""Means with confidence intervals, without scipy."""

import math


def _t_density(t, freedom):
    log = (math.lgamma((freedom + 1) / 2) - math.lgamma(freedom / 2)
           - 0.5 * math.log(freedom * math.pi))
    return math.exp(log - (freedom + 1) / 2 * math.log1p(t * t / freedom))


def _t_probability(t, freedom):
    """P(0 < T < t), by Simpson's rule."""
    steps = 400
    width = t / steps
    total = _t_density(0, freedom) + _t_density(t, freedom)
    for i in range(1, steps):
        total += (4 if i % 2 else 2) * _t_density(i * width, freedom)
    return total * width / 3


def t_quantile(confidence, freedom):
    """The t with P(-t < T < t) = confidence, of Student's distribution. To 1e-6."""
    if not 0 < confidence < 1 or freedom < 1:
        raise ValueError("t_quantile: allowed: confidence between 0 and 1, at least 1 degree")
    low, high = 0.0, 1.0
    while 2 * _t_probability(high, freedom) < confidence:
        low, high = high, high * 2
    while high - low > 1e-7 * high:
        middle = (low + high) / 2
        if 2 * _t_probability(middle, freedom) < confidence:
            low = middle
        else:
            high = middle
    return (low + high) / 2


def mean_with_interval(values, confidence=0.95):
    """(mean, half width of its confidence interval) of independent values. NaN values are left
    out; the half width is NaN for less than two."""
    kept = [float(v) for v in values if not math.isnan(v)]
    if not kept:
        return math.nan, math.nan
    mean = math.fsum(kept) / len(kept)
    if len(kept) < 2:
        return mean, math.nan
    variance = math.fsum((v - mean) ** 2 for v in kept) / (len(kept) - 1)
    return mean, t_quantile(confidence, len(kept) - 1) * math.sqrt(variance / len(kept))
