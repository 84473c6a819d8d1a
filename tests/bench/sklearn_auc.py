#!/usr/bin/python3
"""Area under the curve of scikit-learn's isolation forest on labelled data: mean and standard deviation over
ten seeds, the reference numbers of tests/exporter/core/forest/labelled_data_test.cc.
"""

import argparse

import numpy as np  # Debian 12: python3-sklearn 1.2.1, run by /usr/bin/python3.
from sklearn.ensemble import IsolationForest
from sklearn.metrics import roc_auc_score


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("files", nargs="+", metavar="FILE.csv.gz", help="x0,...,label lines below a heading")
    for path in parser.parse_args().files:
        table = np.genfromtxt(path, delimiter=",", skip_header=1)
        rows, labels = table[:, :-1], table[:, -1]
        areas = []
        for seed in range(10):
            forest = IsolationForest(n_estimators=100, max_samples=256, random_state=seed).fit(rows)
            areas.append(roc_auc_score(labels, -forest.score_samples(rows)))
        print(f"{path}: {len(rows)} rows, mean {np.mean(areas):.4f}, "
              f"standard deviation {np.std(areas, ddof=1):.4f}")


if __name__ == "__main__":
    main()
