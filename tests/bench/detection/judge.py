"""The evaluation folder's protocol (its score.py) with intervals for the areas under the curves.

score.py judges. This module repeats its pairs and counts, so that faults and hours can be drawn with replacement.
If the two disagree, the run ends: there is only one protocol.
"""

import math
import re
import subprocess
import sys
from dataclasses import dataclass, field

import numpy as np

DRAWS = 1000
RECOVERY_STEPS = 4
BLOCK_SECONDS = 3600.0  # Ordinary samples of one target within an hour depend on each other.


@dataclass
class Fault:
    start: float
    end: float
    root: str
    kind: str = "fault"


@dataclass
class Judged:
    """The result of one detector's scores on one grid, or on several grids together."""
    scores: np.ndarray
    positive: np.ndarray
    cluster: np.ndarray  # The fault of each sample, or its target and hour.
    root_hits: list = field(default_factory=list)  # One bool per fault.
    any_hits: list = field(default_factory=list)
    delays: list = field(default_factory=list)
    episodes: int = 0
    alarmed: int = 0
    normal: int = 0
    normal_days: float = 0.0


def judge(grid, scores, faults, step, persist):
    """grid {target: times}, scores {target: {time: score}} -> Judged. See score.py for the protocol."""
    shown = [f for f in faults if f.kind == "fault"]
    outages = [f for f in faults if f.kind != "fault"]
    values, positives, clusters = [], [], []
    hits = {id(f): [] for f in shown}
    result = Judged(np.empty(0), np.empty(0), np.empty(0))
    numbers = {}
    for target in sorted(grid):
        run, last, judged = 0, -math.inf, 0
        for t in sorted(grid[target]):
            score = scores.get(target, {}).get(t, 0.0)
            run = run + 1 if score > 1 else 0
            alarm = run >= persist
            if alarm:
                for f in shown:
                    if f.start < t <= f.end + step:
                        hits[id(f)].append((t - f.start, target))
            in_outage = any(o.start - step < t <= o.end + step for o in outages)
            own = next((f for f in shown if f.root == target and f.start < t <= f.end), None)
            positive = own is not None and not in_outage
            normal = not in_outage and not any(
                f.start - step < t <= f.end + RECOVERY_STEPS * step for f in shown)
            if positive or normal:
                key = ("fault", own.start, target) if positive else (target, t // BLOCK_SECONDS)
                values.append(score)
                positives.append(positive)
                clusters.append(numbers.setdefault(key, len(numbers)))
            if normal:
                judged += 1
                result.alarmed += alarm
                if alarm:
                    result.episodes += t - last > 5 * step
                    last = t
        result.normal += judged
        result.normal_days += judged * step / 86400
    result.scores, result.positive = np.array(values), np.array(positives, dtype=bool)
    result.cluster = np.array(clusters, dtype=int)
    for f in shown:
        found = hits[id(f)]
        result.root_hits.append(any(target == f.root for _, target in found))
        result.any_hits.append(bool(found))
        if found:
            result.delays.append(min(delay for delay, _ in found))
    return result


def together(parts):
    """Merges grids that were judged separately."""
    offset, clusters = 0, []
    for part in parts:
        clusters.append(part.cluster + offset)
        offset += int(part.cluster.max(initial=-1)) + 1
    return Judged(np.concatenate([p.scores for p in parts]), np.concatenate([p.positive for p in parts]),
                  np.concatenate(clusters), sum((p.root_hits for p in parts), []),
                  sum((p.any_hits for p in parts), []), sum((p.delays for p in parts), []),
                  sum(p.episodes for p in parts), sum(p.alarmed for p in parts), sum(p.normal for p in parts),
                  sum(p.normal_days for p in parts))


class Ranking:
    """Areas under the curves of weighted samples; ties count as one step."""

    def __init__(self, judged):
        order = np.argsort(-judged.scores, kind="stable")
        self.positive, self.cluster = judged.positive[order], judged.cluster[order]
        ordered = judged.scores[order]
        self.ends = np.append(np.flatnonzero(np.diff(ordered)), len(ordered) - 1)

    def areas(self, weights):
        """(AUC-ROC, AUC-PR); `weights` has one value per cluster."""
        weight = weights[self.cluster]
        true = np.cumsum(weight * self.positive)[self.ends]
        false = np.cumsum(weight * ~self.positive)[self.ends]
        if not true[-1] or not false[-1]:
            return math.nan, math.nan
        gained = np.diff(true, prepend=0.0)
        precision = np.divide(true, true + false, out=np.zeros_like(true), where=true + false > 0)
        before = np.concatenate([[0.0], true[:-1]])
        roc = np.sum(np.diff(false, prepend=0.0) * (before + gained / 2))
        return roc / true[-1] / false[-1], np.sum(gained * precision) / true[-1]


def areas_with_intervals(judged, seed=1):
    """((roc, low, high), (pr, low, high)): 95 % over faults and target-hours drawn with replacement."""
    ranking = Ranking(judged)
    clusters = int(judged.cluster.max()) + 1
    of_fault = np.zeros(clusters, dtype=bool)
    of_fault[judged.cluster[judged.positive]] = True
    faults, hours = np.flatnonzero(of_fault), np.flatnonzero(~of_fault)
    draw = np.random.default_rng(seed)
    drawn = []
    for _ in range(DRAWS):
        weights = np.zeros(clusters)
        for group in (faults, hours):
            np.add.at(weights, draw.choice(group, len(group)), 1.0)
        drawn.append(ranking.areas(weights))
    low, high = np.percentile(np.array(drawn), [2.5, 97.5], axis=0)
    value = ranking.areas(np.ones(clusters))
    return [(value[i], low[i], high[i]) for i in (0, 1)]


def wilson(k, n, z=1.96):
    if not n:
        return 0.0, 1.0
    p, d = k / n, 1 + z * z / n
    middle = p + z * z / (2 * n)
    half = z * math.sqrt(p * (1 - p) / n + z * z / (4 * n * n))
    return (middle - half) / d, (middle + half) / d


def poisson(k, z=1.96):
    low = 0.0 if k == 0 else k * (1 - 1 / (9 * k) - z / (3 * math.sqrt(k))) ** 3
    u = k + 1
    return low, u * (1 - 1 / (9 * u) + z / (3 * math.sqrt(u))) ** 3


def check_against(score_py, arguments, judged):
    """Ends the run unless score.py finds the same areas, episodes and recalls."""
    text = subprocess.run([sys.executable, score_py, *arguments], check=True, capture_output=True, text=True).stdout
    theirs = [float(x) for x in re.search(
        r"AUC-ROC (\S+)  AUC-PR (\S+)\n.*root recall (\S+) .*any recall (\S+) .*a day (\S+) .*alarm time (\S+)%",
        text).groups()]
    roc, pr = Ranking(judged).areas(np.ones(int(judged.cluster.max()) + 1))
    count = max(len(judged.root_hits), 1)
    ours = [roc, pr, sum(judged.root_hits) / count, sum(judged.any_hits) / count,
            judged.episodes / max(judged.normal_days, 1e-9), 100 * judged.alarmed / max(judged.normal, 1)]
    for a, b in zip(ours, theirs):
        if abs(a - b) > 0.006 and not (math.isnan(a) and math.isnan(b)):
            sys.exit(f"judge.py and score.py disagree:\n{ours}\n{text}")
