#!/usr/bin/python3
"""Runs forest_bench and scikit-learn in turn, on the same rows and one thread: medians of rounds, and their ratios.

usage: /usr/bin/python3 compare_sklearn.py FOREST_BENCH [--rounds 5] [--rows 100000] [--features 3 8 32]

Scoring is compared with scikit-learn in two ways: with score_samples() of version 1.2.1 (Debian 12), and with
the depths of the leaves computed once, as later versions do. Every line shows the required ratio; the exit
status is 1 if one is missed. Needs python3-sklearn from Debian.
"""

import argparse
import json
import os
import subprocess
import sys
import tempfile
import time
from statistics import median

os.environ["OMP_NUM_THREADS"] = "1"

import numpy as np  # noqa: E402  (after the number of threads is set)
from sklearn.ensemble import IsolationForest  # noqa: E402
from sklearn.ensemble._iforest import _average_path_length  # noqa: E402

TREES, SUBSAMPLE = 100, 256
AT_LEAST = {  # kernel: (times score_samples, times precomputed depths)
    "avx512": (100, 20),
    "avx2": (35, 7),
    "scalar": (15, 4),
}
AT_LEAST_FIT = 35
AT_MOST_SINGLE_US = 2.5
AT_MOST_COLD_MS = 300
COLD_FORESTS = 10_000


def milliseconds(work):
    begin = time.perf_counter()
    work()
    return (time.perf_counter() - begin) * 1e3


class PrecomputedDepths:
    """score_samples() of scikit-learn 1.3 and later: the value of each leaf is computed when fitting."""

    def __init__(self, forest):
        self.trees = [estimator.tree_ for estimator in forest.estimators_]
        self.worth = [self.depths(tree) + _average_path_length(tree.n_node_samples)
                      for tree in self.trees]
        self.normaliser = TREES * _average_path_length(np.array([SUBSAMPLE]))

    @staticmethod
    def depths(tree):
        depth = np.zeros(tree.node_count)
        for node in range(tree.node_count):
            for child in (tree.children_left[node], tree.children_right[node]):
                if child >= 0:
                    depth[child] = depth[node] + 1
        return depth

    def score_samples(self, rows):
        rows = np.ascontiguousarray(rows, dtype=np.float32)
        total = np.zeros(len(rows))
        for tree, worth in zip(self.trees, self.worth):
            total += worth[tree.apply(rows)]
        return -(2.0 ** (-total / self.normaliser))


def measure_sklearn(rows):
    forest = IsolationForest(n_estimators=TREES, max_samples=SUBSAMPLE, random_state=0)
    result = {"fit_ms": milliseconds(lambda: forest.fit(rows))}
    precomputed = PrecomputedDepths(forest)
    scores = {}
    for name, scorer in (("samples_ms", forest), ("precomputed_ms", precomputed)):
        result[name] = milliseconds(lambda: scores.update({name: scorer.score_samples(rows)}))
    if np.abs(scores["samples_ms"] - scores["precomputed_ms"]).max() > 1e-9:
        sys.exit("compare_sklearn: the two ways of scoring differ")
    return result


def run_bench(bench, arguments):
    out = subprocess.run([bench, *arguments], check=True, capture_output=True, text=True).stdout
    return {line["kernel"]: line for line in map(json.loads, out.splitlines())}


class Report:
    def __init__(self):
        self.failed = False

    def line(self, what, value, wanted, holds):
        self.failed |= not holds
        print(f"  {what:44} {value:>22}   {wanted:>14}   {'ok' if holds else 'MISSED'}")

    def ratio(self, what, ratio, at_least):
        self.line(what, f"{ratio:.1f} x", f">= {at_least} x", ratio >= at_least)

    def limit(self, what, value, at_most, unit):
        self.line(what, f"{value:.2f} {unit}", f"<= {at_most} {unit}", value <= at_most)


def compare(arguments, features, report):
    common = ["--rows", str(arguments.rows), "--features", str(features), "--rounds", "1"]
    with tempfile.TemporaryDirectory() as folder:
        path = os.path.join(folder, "rows.f64")
        run_bench(arguments.bench, [*common, "--cold-forests", "0", "--write-data", path])
        rows = np.fromfile(path, dtype="<f8").reshape(features, -1).T.copy()
    theirs, ours = [], []
    for _ in range(arguments.rounds):
        ours.append(run_bench(arguments.bench, [*common, "--cold-forests", str(COLD_FORESTS)]))
        theirs.append(measure_sklearn(rows))

    def their(name):
        return median(run[name] for run in theirs)

    print(f"{features} features: scikit-learn fits in {their('fit_ms'):.0f} ms, scores "
          f"{arguments.rows / their('samples_ms') / 1e3:.3f} M rows/s, with precomputed depths "
          f"{arguments.rows / their('precomputed_ms') / 1e3:.3f}")
    for kernel in ours[0]:
        def our(name, kernel=kernel):
            return median(run[kernel][name] for run in ours)

        batch_ms = arguments.rows / our("rows_s") * 1e3
        over_samples, over_precomputed = AT_LEAST[kernel]
        print(f" {kernel}: {our('rows_s') / 1e6:.2f} M rows/s, {our('bytes_per_forest')} bytes a forest, "
              f"explaining a row {our('explain_us'):.2f} us")
        report.ratio("batch over score_samples", their("samples_ms") / batch_ms, over_samples)
        report.ratio("batch over precomputed depths", their("precomputed_ms") / batch_ms,
                     over_precomputed)
        report.ratio("fit", their("fit_ms") / our("fit_ms"), AT_LEAST_FIT)
        report.limit("explaining over scoring a row", our("explain_us") / our("single_us"), 2, "x")
        if kernel == "scalar":
            continue  # The time limits are for the kernel that a processor would choose.
        report.limit("one hot row", our("single_us"), AT_MOST_SINGLE_US, "us")
        report.limit(f"{COLD_FORESTS} cold forests, a row each",
                     our("cold_us") * COLD_FORESTS / 1e3, AT_MOST_COLD_MS, "ms")


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("bench", help="path of forest_bench, built with the release preset")
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--rows", type=int, default=100_000)
    parser.add_argument("--features", type=int, nargs="+", default=[3, 8, 32])
    arguments = parser.parse_args()
    report = Report()
    for features in arguments.features:
        compare(arguments, features, report)
    sys.exit(1 if report.failed else 0)


if __name__ == "__main__":
    main()
