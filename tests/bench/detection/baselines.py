"""Simple baselines: scikit-learn's forest and robust z, on raw values and on adaptive values.

Every baseline learns from the training stretch of one target and raises an alarm above the 99 % quantile of
its own scores there. A missing value is replaced by the median of the training stretch.
"""

import numpy as np
from sklearn.ensemble import IsolationForest

HORIZON = 60  # Samples of the trailing median.
QUANTILE = 0.99


def filled(table, typical):
    return np.where(np.isnan(table), typical, table)


def adaptive(table, train):
    """Unit-free logs, their residual against the trailing median, and their short difference."""
    typical = np.median(np.abs(table[train]), axis=0)
    typical = np.where(typical > 0, typical, 1.0)
    level = np.sign(table) * np.log1p(np.abs(table) / typical)
    padded = np.vstack([np.repeat(level[:1], HORIZON, axis=0), level[:-1]])
    windows = np.lib.stride_tricks.sliding_window_view(padded, HORIZON, axis=0)
    residual = level - np.median(windows, axis=-1)
    difference = np.diff(level, axis=0, prepend=level[:1])
    return level, residual, difference


def forest(rows, train, seed=1):
    model = IsolationForest(n_estimators=100, max_samples=min(256, int(train.sum())), random_state=seed)
    model.fit(rows[train])
    return -model.score_samples(rows)


def robust_z(rows, train, relative):
    centre = np.median(rows[train], axis=0)
    spread = 1.4826 * np.median(np.abs(rows[train] - centre), axis=0)
    # Otherwise a signal that hardly varies would be an anomaly at its first change.
    spread = np.maximum(spread, np.maximum(0.05 * np.abs(centre), 1e-9) if relative else 0.05)
    return np.max(np.abs(rows - centre) / spread, axis=1)


def scores_of(times, table, begin, end):
    """{name of a baseline: scores, 1 = its threshold}"""
    train = (times > begin) & (times <= end)
    table = table[:, ~np.all(np.isnan(table[train]), axis=0)]
    raw = filled(table, np.nanmedian(table[train], axis=0))
    level, residual, difference = adaptive(raw, train)
    found = {
        "forest, raw values": forest(raw, train),
        "forest, adaptive features": forest(np.hstack([level, residual, difference]), train),
        "robust z, raw values": robust_z(raw, train, True),
        "robust z, adaptive features": robust_z(residual, train, False),
    }
    return {name: scores / max(np.quantile(scores[train], QUANTILE), 1e-12) for name, scores in found.items()}


def all_scores(signals, train):
    """{name: {target: {time: score}}}"""
    result = {}
    for target, (times, table) in signals.items():
        for name, scores in scores_of(times, table, *train(target)).items():
            result.setdefault(name, {})[target] = dict(zip(times, scores))
    return result
