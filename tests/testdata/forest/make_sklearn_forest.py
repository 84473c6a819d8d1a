#!/usr/bin/python3
"""Writes sklearn_forest.txt: an isolation forest grown by scikit-learn, some rows, and their scores.

usage: /usr/bin/python3 make_sklearn_forest.py > sklearn_forest.txt   (Debian 12: python3-sklearn 1.2.1)

Each row has two scores: that of score_samples(), and that of the same trees with exact harmonic numbers,
computed here from the leaves that apply() returns. scikit-learn compares float32 values with float64
thresholds; a threshold rounded down to float32 gives the same outcome for every float32 value.
"""

import numpy as np
import sklearn
from sklearn.ensemble import IsolationForest

TREES, SUBSAMPLE, FEATURES, ROWS = 10, 128, 3, 60


def average_path_length(samples):
    if samples <= 1:
        return 0.0
    harmonic = sum(1.0 / k for k in range(1, samples))
    return 2 * harmonic - 2 * (samples - 1) / samples


def rounded_down(threshold):
    value = np.float32(threshold)
    return np.nextafter(value, np.float32(-np.inf)) if float(value) > threshold else value


def depths(tree):
    depth = np.zeros(tree.node_count, dtype=int)
    for node in range(tree.node_count):
        for child in (tree.children_left[node], tree.children_right[node]):
            if child >= 0:
                depth[child] = depth[node] + 1
    return depth


def exact_scores(forest, rows):
    total = np.zeros(len(rows))
    for estimator in forest.estimators_:
        tree = estimator.tree_
        depth = depths(tree)
        total += [depth[leaf] + average_path_length(tree.n_node_samples[leaf])
                  for leaf in tree.apply(rows)]
    return 2.0 ** (-total / TREES / average_path_length(SUBSAMPLE))


def main():
    random = np.random.RandomState(1)
    training = random.randn(1000, FEATURES) * [1, 10, 0.1] + [0, 100, 0]
    training[:, 2] = np.round(training[:, 2], 1)  # Repeated values make leaves of several samples.
    forest = IsolationForest(n_estimators=TREES, max_samples=SUBSAMPLE, random_state=2).fit(training)
    rows = (training[:ROWS] * 1.5).astype(np.float32)
    rows[0] = [1e30, -1e30, 0]

    print(f"# scikit-learn {sklearn.__version__}, by make_sklearn_forest.py")
    print(f"{SUBSAMPLE} {FEATURES} {TREES} {ROWS}")
    for estimator in forest.estimators_:
        tree = estimator.tree_
        print(tree.node_count)
        for node in range(tree.node_count):
            print(tree.children_left[node], tree.children_right[node], max(tree.feature[node], 0),
                  repr(float(rounded_down(tree.threshold[node]))), tree.n_node_samples[node])
    for row, score, exact in zip(rows, -forest.score_samples(rows), exact_scores(forest, rows)):
        print(*(repr(float(value)) for value in row), repr(float(score)), repr(float(exact)))


if __name__ == "__main__":
    main()
